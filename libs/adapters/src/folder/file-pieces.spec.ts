import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { piecesOf } from './file-pieces.js';

const KiB = 2 ** 10;

describe('the pieces of a file', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-pieces-'));
    path = join(folder, 'file');
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** @param meanwhile happens after the first piece */
  const read = async (meanwhile: () => Promise<void> = () => Promise.resolve()) => {
    await using file = await open(path);
    const pieces: Buffer[] = [];
    for await (const piece of piecesOf(file)) {
      pieces.push(piece);
      if (pieces.length === 1) await meanwhile();
    }
    return pieces;
  };

  it.each([0, 1, 70_000, 256 * KiB - 1, 256 * KiB, 256 * KiB + 1, 1_000_000])(
    'are all %i bytes of it',
    async (bytes) => {
      const content = randomBytes(bytes);
      await writeFile(path, content);
      const pieces = await read();
      expect(Buffer.concat(pieces).equals(content)).toBe(true);
      expect(pieces.every(({ length }) => length > 0 && length <= 256 * KiB)).toBe(true);
    },
  );

  it('hold also what is added to it while it is read, and end where it ends', async () => {
    await writeFile(path, randomBytes(300 * KiB));
    expect(
      Buffer.concat(await read(() => appendFile(path, 'more')))
        .subarray(-4)
        .toString(),
    ).toBe('more');
    expect(Buffer.concat(await read(() => truncate(path, 260 * KiB)))).toHaveLength(260 * KiB);
  });
});
