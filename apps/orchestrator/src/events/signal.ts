/** Something that happens in this process, and those who wait for it. */

export class Signal<T = void> {
  private readonly listeners = new Set<(value: T) => void>();

  /** How many listen. */
  get size(): number {
    return this.listeners.size;
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: (value: T) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }

  /** Resolves at the next emission, after `ms`, or when the caller gives up, whichever comes first. */
  next(ms: number, gaveUp?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        unsubscribe();
        gaveUp?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      const unsubscribe = this.subscribe(finish);
      gaveUp?.addEventListener('abort', finish);
      if (gaveUp?.aborted) finish();
    });
  }
}
