/** Memory that is used again: memory that is new each time costs more than what is done with it. */
const KiB = 2 ** 10;
const MiB = 2 ** 20;

/** Memory of these sizes is kept; the largest is the usual part of an upload. */
const keptSizes = [256 * KiB, MiB, 8 * MiB];

/** Of each size. */
const mostKeptBytes = 32 * MiB;

export class BufferPool {
  private readonly kept = new Map<number, Buffer[]>(keptSizes.map((size) => [size, []]));

  /** @returns memory of at least so many bytes, which may hold anything */
  take(bytes: number): Buffer {
    const size = sizeFor(bytes);
    return this.kept.get(size)?.pop() ?? Buffer.allocUnsafeSlow(size);
  }

  giveBack(memory: Buffer): void {
    const same = this.kept.get(memory.length);
    if (same && same.length * memory.length < mostKeptBytes) same.push(memory);
  }
}

/** What is taken for so many bytes. */
export function sizeFor(bytes: number): number {
  return keptSizes.find((size) => size >= bytes) ?? bytes;
}
