/** The bytes of an open file. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

export async function* chunksOf(file: FileHandle, signal?: AbortSignal): AsyncGenerator<Buffer> {
  for await (const chunk of file.createReadStream({ autoClose: false })) {
    signal?.throwIfAborted();
    yield chunk as Buffer;
  }
}

export async function sha256Of(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(file)) hash.update(chunk);
  return hash.digest('hex');
}
