/** A discovery that is known to one process. */
import { LongshoreError } from '../errors/longshore-error.js';
import { Discovery } from '../ports/discovery.js';

export class MemoryDiscovery extends Discovery {
  /** Every address that was left, in order. */
  readonly published: string[] = [];
  private refusals = 0;

  /** The next so many calls fail. */
  refuseNext(count = 1): void {
    this.refusals += count;
  }

  async find(): Promise<string | undefined> {
    this.answer();
    return this.published.at(-1);
  }

  async publish(url: string): Promise<void> {
    this.answer();
    this.published.push(url.replace(/\/+$/, ''));
  }

  private answer(): void {
    if (this.refusals === 0) return;
    this.refusals -= 1;
    throw new LongshoreError('discovery-failed', 'The place where the address is left cannot be reached.');
  }
}
