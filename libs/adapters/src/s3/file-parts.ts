/** Reads a file part by part, with the checksums of each and of the whole. */
import { createHash, type Hash } from 'node:crypto';
import { fstatSync } from 'node:fs';
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
  // Of an open file the kernel tells it at once.
  const { size: sizeBytes } = fstatSync(file.fd);
  const size = Math.min(partSize(sizeBytes), sizeBytes + 1);
  for (let number = 1; ; number += 1) {
    const { buffer, release } = await memory.take(size, signal);
    let isHandedOn = false;
    try {
      // The checksum of the first part is that of the whole so far: most files have no other part.
      const own = number === 1 ? undefined : createHash('sha256');
      const filled = await fill(file, buffer, own ? [own, whole] : [whole], sizeBytes - (number - 1) * size);
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

/** @param left bytes that the file still had when it was looked at */
async function fill(file: FileHandle, memory: Buffer, hashes: readonly Hash[], left: number): Promise<number> {
  let filled = 0;
  while (filled < memory.length) {
    const asked = Math.min(stepBytes, memory.length - filled);
    const { bytesRead } = await file.read(memory, filled, asked);
    if (bytesRead === 0) break;
    for (const hash of hashes) hash.update(memory.subarray(filled, filled + bytesRead));
    filled += bytesRead;
    // Less than was asked for, and just what was there: it has not grown, and need not be asked again for nothing.
    if (bytesRead < asked && filled === left) break;
  }
  return filled;
}
