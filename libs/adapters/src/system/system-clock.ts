/** Real time: the machine's clock read once, carried on by the monotonic clock. */
import { setTimeout } from 'node:timers/promises';
import { Clock } from '@longshore/core';

export class SystemClock extends Clock {
  /**
   * @param zero what the machine's clock showed when the monotonic clock stood at zero, in milliseconds; a thread that is given the one of another
   * thread tells the same time, also after a step of the machine's clock
   */
  constructor(readonly zero: number = Date.now() - monotonicMs()) {
    super();
  }

  /** A clock that never shows less than this: a machine's clock that was set back while nobody looked must not make the past the future. */
  static notBefore(ms: number): SystemClock {
    return new SystemClock(Math.max(Date.now(), ms) - monotonicMs());
  }

  now(): number {
    return Math.round(this.zero + monotonicMs());
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    try {
      await setTimeout(ms, undefined, signal ? { signal } : {});
    } catch (thrown) {
      if (!signal?.aborted) throw thrown;
    }
  }
}

/** The same for all threads of a machine, unlike `performance.now`, which begins with its thread. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}
