/** Memory for the parts that are under way: so much and no more. */
import { BufferPool, sizeFor } from './transfer/buffer-pool.js';
import { Quota } from './transfer/quota.js';

const mostBytes = 64 * 2 ** 20;

export interface PartBuffer {
  buffer: Buffer;
  release: () => void;
}

export class PartMemory {
  private readonly quota: Quota;
  private readonly pool = new BufferPool();

  constructor(bytes = mostBytes) {
    this.quota = new Quota(bytes);
  }

  /** Waits until there is room; a part that is larger than all of it is alone. */
  async take(bytes: number, signal?: AbortSignal): Promise<PartBuffer> {
    const giveBack = await this.quota.take(sizeFor(bytes), signal);
    const memory = this.pool.take(bytes);
    const release = () => {
      this.pool.giveBack(memory);
      giveBack();
    };
    return { buffer: memory.subarray(0, bytes), release };
  }
}
