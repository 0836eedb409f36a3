/** What is in an open file, piece by piece. A stream was measured to take more than twice the processor time for files of 70 KB. */
import { fstatSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

const mostAtOnce = 256 * 2 ** 10;

export async function* piecesOf(file: FileHandle): AsyncGenerator<Buffer> {
  const { size } = fstatSync(file.fd);
  for (let done = 0; ;) {
    const asked = Math.min(Math.max(0, size - done) + 1, mostAtOnce);
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(asked), 0, asked);
    if (bytesRead === 0) return;
    done += bytesRead;
    yield buffer.subarray(0, bytesRead);
    // Less than was asked for, and just what was there: it has not grown, and need not be asked again for nothing.
    if (bytesRead < asked && done === size) return;
  }
}
