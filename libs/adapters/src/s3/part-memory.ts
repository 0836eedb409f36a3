/** Memory for the parts that are under way: so much and no more, and used again. */
import { Quota } from './transfer/quota.js';

const KiB = 2 ** 10;
const MiB = 2 ** 20;
const mostBytes = 64 * MiB;

/** Memory of these sizes is kept; the largest is the usual part. */
const keptSizes = [256 * KiB, MiB, 8 * MiB];

export interface PartBuffer {
  buffer: Buffer;
  release: () => void;
}

export class PartMemory {
  private readonly quota: Quota;
  private readonly kept = new Map<number, Buffer[]>(keptSizes.map((size) => [size, []]));

  constructor(private readonly bytes = mostBytes) {
    this.quota = new Quota(bytes);
  }

  /** Waits until there is room; a part that is larger than all of it is alone. */
  async take(wanted: number, signal?: AbortSignal): Promise<PartBuffer> {
    const size = keptSizes.find((kept) => kept >= wanted) ?? wanted;
    const giveBack = await this.quota.take(size, signal);
    const memory = this.kept.get(size)?.pop() ?? Buffer.allocUnsafeSlow(size);
    const release = () => {
      this.keep(memory);
      giveBack();
    };
    return { buffer: memory.subarray(0, wanted), release };
  }

  /** What is kept of one size never holds more than may be under way of it. */
  private keep(memory: Buffer): void {
    const same = this.kept.get(memory.length);
    if (same && same.length * memory.length < this.bytes / 2) same.push(memory);
  }
}
