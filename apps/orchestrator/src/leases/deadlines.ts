/** Tells those who wait that their time is over, with one timer for all of the same moment: ten thousand of their own would cost more than the waiting. */
import type { Clock } from '@longshore/core';

/** So much later than asked for at most, and so many moments a second at most. */
const momentMs = 10;

export class Deadlines {
  private readonly moments = new Map<number, Set<() => void>>();

  /** @param stop when it is aborted, the time of all is over */
  constructor(
    private readonly clock: Clock,
    private readonly stop: AbortSignal,
  ) {}

  /** @returns what to call when `over` shall not be called any more */
  add(ms: number, over: () => void): () => void {
    const at = Math.ceil((this.clock.now() + ms) / momentMs) * momentMs;
    const moment = this.moments.get(at) ?? this.begin(at);
    moment.add(over);
    return () => moment.delete(over);
  }

  private begin(at: number): Set<() => void> {
    const moment = new Set<() => void>();
    this.moments.set(at, moment);
    void this.clock.sleep(at - this.clock.now(), this.stop).then(() => {
      this.moments.delete(at);
      for (const over of moment) over();
    });
    return moment;
  }
}
