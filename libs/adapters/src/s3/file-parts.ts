/** Reads a file in the parts of a multipart upload. */
import type { FileHandle } from 'node:fs/promises';
import { LongshoreError } from '@longshore/core';
import { partSize } from './part-size.js';

/** As many bytes as the file has at the beginning. An empty file has one empty part, because an upload without parts cannot be completed. */
export async function* partsOf(file: FileHandle): AsyncGenerator<Buffer> {
  const { size } = await file.stat();
  const most = partSize(size);
  for (let start = 0; start === 0 || start < size; start += most) {
    yield await readFully(file, start, Math.min(most, size - start));
  }
}

async function readFully(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, start + filled);
    if (bytesRead === 0) throw new LongshoreError('storage-failed', 'The output shrank while it was stored.');
    filled += bytesRead;
  }
  return buffer;
}
