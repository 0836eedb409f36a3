/** What every clock promises. */
import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../ports/clock.js';

export interface ClockSubject {
  clock: Clock;
  /** Lets this much time pass. */
  pass(ms: number): Promise<void>;
}

export function clockContract(name: string, open: () => ClockSubject): void {
  describe(`${name} keeps the promises of a clock:`, () => {
    it('goes forward by the time that passes', async () => {
      const subject = open();
      const { clock } = subject;
      const before = clock.now();
      await subject.pass(20);
      expect(clock.now() - before).toBeGreaterThanOrEqual(19);
    });

    it('tells whole milliseconds', () => {
      expect(Number.isInteger(open().clock.now())).toBe(true);
    });

    it('wakes a sleeper when its time has come, and not before', async () => {
      const subject = open();
      const { clock } = subject;
      const startedAt = clock.now();
      let wokeAt = 0;
      const sleeping = clock.sleep(30).then(() => (wokeAt = clock.now()));
      await subject.pass(60);
      await sleeping;
      expect(wokeAt - startedAt).toBeGreaterThanOrEqual(29);
    });

    it('ends a sleep early and without an error when the signal is aborted, or was before', async () => {
      const { clock } = open();
      const abort = new AbortController();
      const sleeping = clock.sleep(60_000, abort.signal);
      abort.abort(new Error('enough'));
      await expect(sleeping).resolves.toBeUndefined();
      await expect(clock.sleep(60_000, abort.signal)).resolves.toBeUndefined();
    });
  });
}
