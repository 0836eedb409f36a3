/** A clock that stands still until a test moves it. */
import { setImmediate } from 'node:timers/promises';
import { Clock } from '../ports/clock.js';

interface Sleeper {
  wakesAt: number;
  wake: () => void;
}

export class ManualClock extends Clock {
  private readonly sleepers = new Set<Sleeper>();

  constructor(private time = Date.UTC(2026, 0, 1)) {
    super();
  }

  now(): number {
    return this.time;
  }

  /** How many are asleep, so that a test can wait for somebody to fall asleep before it moves the clock. */
  get sleeping(): number {
    return this.sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { wakesAt: this.time + ms, wake };
      this.sleepers.add(sleeper);
      signal?.addEventListener('abort', wake);
    });
  }

  /**
   * Moves time on. Everybody wakes at a time of their own, and what they do then, another sleep included, comes before the next one
   * wakes.
   */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (let next = this.firstUntil(end); next; next = this.firstUntil(end)) {
      this.time = Math.max(this.time, next.wakesAt);
      next.wake();
      await setImmediate();
    }
    this.time = Math.max(this.time, end);
  }

  private firstUntil(end: number): Sleeper | undefined {
    return [...this.sleepers]
      .filter(({ wakesAt }) => wakesAt <= end)
      .reduce<Sleeper | undefined>((first, one) => (first && first.wakesAt <= one.wakesAt ? first : one), undefined);
  }
}
