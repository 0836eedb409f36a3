/** Reads a file part by part, with the checksums of each and of the whole. */
import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { partSize } from './part-size.js';

export interface FilePart {
  number: number;
  /** Holds until the next part is asked for: all parts are read into the same memory. */
  body: Uint8Array;
  md5: string;
}

/** More is neither read nor hashed at a time; Node.js does not take 2 GiB at once. */
const stepBytes = 64 * 2 ** 20;

/**
 * An empty file has one empty part, because an upload without parts cannot be completed.
 *
 * @param whole is fed with every byte
 */
export async function* partsOf(file: FileHandle, whole: Hash): AsyncGenerator<FilePart> {
  const { size: sizeBytes } = await file.stat();
  const size = partSize(sizeBytes);
  const memory = Buffer.allocUnsafe(Math.min(size, sizeBytes + 1));
  for (let number = 1; ; number += 1) {
    const md5 = createHash('md5');
    const filled = await fill(file, memory, [md5, whole]);
    if (filled > 0 || number === 1) yield { number, body: memory.subarray(0, filled), md5: md5.digest('base64') };
    if (filled < memory.length) return;
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
