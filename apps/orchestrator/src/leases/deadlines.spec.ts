import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@longshore/core/testing';
import { Deadlines } from './deadlines.js';

describe('the deadlines of those who wait', () => {
  const opened = () => {
    const [clock, stop] = [new ManualClock(), new AbortController()];
    return { clock, stop, deadlines: new Deadlines(clock, stop.signal), over: [] as string[] };
  };

  it('are told when their time is over: never before, and hardly after', async () => {
    const { clock, deadlines, over } = opened();
    await clock.advance(7);
    deadlines.add(20_000, () => over.push('first'));
    deadlines.add(20_030, () => over.push('second'));
    await clock.advance(19_999);
    expect(over).toEqual([]);
    await clock.advance(50);
    expect(over).toEqual(['first', 'second']);
  });

  it('share one timer where they are of the same moment', () => {
    const { clock, deadlines } = opened();
    for (let ms = 1; ms <= 10; ms += 1) deadlines.add(ms, () => undefined);
    expect(clock.sleeping).toBe(1);
  });

  it('are forgotten when somebody is woken before', async () => {
    const { clock, deadlines, over } = opened();
    const forget = deadlines.add(100, () => over.push('woken before'));
    deadlines.add(100, () => over.push('still there'));
    forget();
    await clock.advance(100);
    expect(over).toEqual(['still there']);
  });

  it('are over for all when the orchestrator stops', async () => {
    const { stop, deadlines, over } = opened();
    deadlines.add(60_000, () => over.push('over'));
    stop.abort();
    await Promise.resolve();
    expect(over).toEqual(['over']);
  });
});
