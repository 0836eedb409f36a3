import { describe, expect, it } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineConnection } from './engine-connection.js';
import { OomWatch } from './oom-watch.js';

async function watching() {
  const events = new PassThrough();
  const connection = { ask: () => Promise.resolve(events) } as unknown as EngineConnection;
  const watch = await OomWatch.open(connection, 'abc');
  const tell = (Action: string) => events.write(`${JSON.stringify({ Action })}\n`);
  return { watch, tell, events };
}

describe(OomWatch.name, () => {
  it('waits for an event that is read after the exit, also when the exit code tells nothing', async () => {
    const { watch, tell } = await watching();
    const happened = watch.happened(0);
    await sleep(50);
    tell('oom');
    tell('top');
    expect(await happened).toBe(true);
  });

  it.each(['top', 'die'])('knows at once that nothing happened when "%s" comes first', async (marker) => {
    const { watch, tell } = await watching();
    tell(marker);
    expect(await watch.happened(0)).toBe(false);
  });

  it('waits longer for a command that was killed', async () => {
    const { watch, tell } = await watching();
    tell('top');
    const happened = watch.happened(137);
    await sleep(50);
    tell('oom');
    expect(await happened).toBe(true);
  });

  it('does not wait for an engine that has gone', async () => {
    const { watch, events } = await watching();
    events.destroy();
    expect(await watch.happened(0)).toBe(false);
  });
});
