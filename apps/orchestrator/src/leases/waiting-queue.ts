/** Those who wait for work of the same plugins: who has nothing to do before who would only take it ahead, and then first come, first woken. */

export interface Waiter {
  isDraining: boolean;
  /** It works in all of its slots already. */
  isBusy: boolean;
  /** True for one that was woken for a task that is known to be there. */
  isCounted: boolean;
  wake: () => void;
}

/** Ten thousand that are woken at the same moment would hold up everybody else until the last of them has its task. */
const inPortion = 8;

export class Queue {
  /** When the first task becomes available that has to wait, as far as anybody knows. */
  expectedAt = Infinity;
  isFirstKnown = false;
  timer: AbortController | undefined;
  private readonly idle = new Set<Waiter>();
  private readonly busy = new Set<Waiter>();

  constructor(readonly plugins: readonly string[]) {}

  add(waiter: Waiter): void {
    (waiter.isBusy ? this.busy : this.idle).add(waiter);
  }

  remove(waiter: Waiter): void {
    this.idle.delete(waiter);
    this.busy.delete(waiter);
  }

  /** The first at once, and so many more each time that others have been heard. */
  wake(count: number, { isCounted = true } = {}): void {
    for (let left = Math.min(count, inPortion); left > 0; left -= 1) {
      const waiter = this.first;
      if (!waiter) return;
      this.remove(waiter);
      waiter.isCounted = isCounted;
      waiter.wake();
    }
    if (count > inPortion) setImmediate(() => this.wake(count - inPortion, { isCounted }));
  }

  private get first(): Waiter | undefined {
    for (const waiter of this.idle) return waiter;
    for (const waiter of this.busy) return waiter;
    return undefined;
  }
}
