/** Real time: the machine's clock read once, carried on by the monotonic clock. */
import { setTimeout } from 'node:timers/promises';
import { Clock } from '@longshore/core';

export class SystemClock extends Clock {
  private readonly startedAt = Date.now() - performance.now();

  now(): number {
    return Math.round(this.startedAt + performance.now());
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    try {
      await setTimeout(ms, undefined, signal ? { signal } : {});
    } catch (thrown) {
      if (!signal?.aborted) throw thrown;
    }
  }
}
