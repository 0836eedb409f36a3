/** Those who wait for work of the same plugins: first come, first woken. */

export interface Waiter {
  isDraining: boolean;
  /** True for one that was woken for a task that is known to be there. */
  isCounted: boolean;
  wake: () => void;
}

export class Queue {
  /** When the first task becomes available that has to wait, as far as anybody knows. */
  expectedAt = Infinity;
  isFirstKnown = false;
  timer: AbortController | undefined;
  private readonly waiters = new Set<Waiter>();

  constructor(readonly plugins: readonly string[]) {}

  add(waiter: Waiter): void {
    this.waiters.add(waiter);
  }

  remove(waiter: Waiter): void {
    this.waiters.delete(waiter);
  }

  wake(count: number, { isCounted = true } = {}): void {
    let left = count;
    for (const waiter of this.waiters) {
      if (left <= 0) return;
      left -= 1;
      this.waiters.delete(waiter);
      waiter.isCounted = isCounted;
      waiter.wake();
    }
  }
}
