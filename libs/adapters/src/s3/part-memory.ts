/** Memory for the parts that are under way: so much and no more, and used again. */
import { Quota } from './transfer/quota.js';

const mostBytes = 64 * 2 ** 20;
const pooledBytes = 8 * 2 ** 20;

export interface PartBuffer {
  buffer: Buffer;
  release: () => void;
}

export class PartMemory {
  private readonly quota = new Quota(mostBytes);
  private readonly pool: Buffer[] = [];

  /** Waits until there is room; a part that is larger than all of it is alone. */
  async take(bytes: number, signal?: AbortSignal): Promise<PartBuffer> {
    const giveBack = await this.quota.take(bytes, signal);
    const isPooled = bytes === pooledBytes;
    const buffer = (isPooled ? this.pool.pop() : undefined) ?? Buffer.allocUnsafe(bytes);
    const release = () => {
      if (isPooled) this.pool.push(buffer);
      giveBack();
    };
    return { buffer, release };
  }
}
