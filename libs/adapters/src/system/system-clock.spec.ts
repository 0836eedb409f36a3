import { describe, expect, it, jest } from '@jest/globals';
import { SystemClock } from './system-clock.js';

describe('the system clock', () => {
  it('tells the time of the machine', () => {
    expect(Math.abs(new SystemClock().now() - Date.now())).toBeLessThan(50);
  });

  it('is not moved by a step of the machine clock', () => {
    const clock = new SystemClock();
    const before = clock.now();
    const step = jest.spyOn(Date, 'now').mockReturnValue(before + 3_600_000);
    expect(clock.now() - before).toBeLessThan(50);
    step.mockRestore();
  });

  it('ends a sleep early and without an error when it is aborted', async () => {
    const abort = new AbortController();
    const sleeping = new SystemClock().sleep(60_000, abort.signal);
    abort.abort(new Error('enough'));
    await expect(sleeping).resolves.toBeUndefined();
  });
});
