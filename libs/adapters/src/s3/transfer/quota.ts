/** A bound on how much is under way, by count or by bytes, in the order in which it was asked for. */
interface Waiting {
  amount: number;
  begin: () => void;
}

export class Quota {
  private used = 0;
  private readonly queue: Waiting[] = [];

  constructor(private capacity: number) {}

  /**
   * Waits until there is room. What is larger than everything gets in alone.
   *
   * @returns gives it back; must be called once
   */
  async take(amount: number, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.queue.length > 0 || !this.fits(amount)) await this.wait(amount, signal);
    else this.used += amount;
    return () => {
      this.used -= amount;
      this.admit();
    };
  }

  /** What is under way already stays, also where there is less room now. */
  resize(capacity: number): void {
    this.capacity = capacity;
    this.admit();
  }

  private wait(amount: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.queue.splice(this.queue.indexOf(waiting), 1);
        reject(signal?.reason as Error);
        this.admit();
      };
      const begin = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const waiting: Waiting = { amount, begin };
      signal?.addEventListener('abort', leave, { once: true });
      this.queue.push(waiting);
    });
  }

  private admit(): void {
    for (let next = this.queue[0]; next && this.fits(next.amount); next = this.queue[0]) {
      this.queue.shift();
      this.used += next.amount;
      next.begin();
    }
  }

  private fits(amount: number): boolean {
    return this.used === 0 || this.used + amount <= this.capacity;
  }
}
