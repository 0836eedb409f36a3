/** Reads a file part by part, with the checksums of each and of the whole. */
import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { partSize } from './part-size.js';
import type { PartMemory } from './part-memory.js';

export interface FilePart {
  number: number;
  body: Uint8Array;
  /** In hexadecimal. */
  sha256: string;
  /** Gives the memory of the body back. */
  release: () => void;
}

/** More is neither read nor hashed at a time; Node.js does not take 2 GiB at once. */
const stepBytes = 64 * 2 ** 20;

/**
 * An empty file has one empty part, because an upload without parts cannot be completed. Each part waits for memory.
 *
 * @param whole is fed with every byte
 */
export async function* partsOf(
  file: FileHandle,
  whole: Hash,
  memory: PartMemory,
  signal?: AbortSignal,
): AsyncGenerator<FilePart> {
  const { size: sizeBytes } = await file.stat();
  const size = Math.min(partSize(sizeBytes), sizeBytes + 1);
  for (let number = 1; ; number += 1) {
    const { buffer, release } = await memory.take(size, signal);
    let isHandedOn = false;
    try {
      // The checksum of the first part is that of the whole so far: most files have no other part.
      const own = number === 1 ? undefined : createHash('sha256');
      const filled = await fill(file, buffer, own ? [own, whole] : [whole]);
      const sha256 = (own ?? whole.copy()).digest('hex');
      if (filled > 0 || number === 1) {
        isHandedOn = true;
        yield { number, body: buffer.subarray(0, filled), sha256, release };
      }
      if (filled < size) return;
    } finally {
      if (!isHandedOn) release();
    }
  }
}

async function fill(file: FileHandle, memory: Buffer, hashes: readonly Hash[]): Promise<number> {
  let filled = 0;
  while (filled < memory.length) {
    const { bytesRead } = await file.read(memory, filled, Math.min(stepBytes, memory.length - filled));
    if (bytesRead === 0) break;
    for (const hash of hashes) hash.update(memory.subarray(filled, filled + bytesRead));
    filled += bytesRead;
  }
  return filled;
}
