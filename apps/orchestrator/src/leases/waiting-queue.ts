/** Those who wait for work of the same plugins: who has nothing to do before who would only take it ahead, and then first come, first woken. */

export interface Waiter {
  isDraining: boolean;
  /** It works in all of its slots already. */
  isBusy: boolean;
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
    const all = [...this.waiters];
    for (const waiter of [...all.filter(({ isBusy }) => !isBusy), ...all.filter(({ isBusy }) => isBusy)]) {
      if (left <= 0) return;
      left -= 1;
      this.waiters.delete(waiter);
      waiter.isCounted = isCounted;
      waiter.wake();
    }
  }
}
