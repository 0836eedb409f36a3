import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { partsOf } from './file-parts.js';

const MiB = 2 ** 20;

describe('the parts of a file', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-parts-'));
    path = join(folder, 'file');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    [0, [0]],
    [1, [1]],
    [8 * MiB, [8 * MiB]],
    [8 * MiB + 1, [8 * MiB, 1]],
    [16 * MiB, [8 * MiB, 8 * MiB]],
  ])('of %i bytes', async (size, sizes) => {
    const content = Buffer.alloc(size, 'abc');
    await writeFile(path, content);
    await using file = await open(path);
    const parts = await Array.fromAsync(partsOf(file));
    expect(parts.map((part) => part.length)).toEqual(sizes);
    expect(Buffer.concat(parts).equals(content)).toBe(true);
  });

  it('are not made up when the file shrinks meanwhile', async () => {
    await writeFile(path, Buffer.alloc(9 * MiB));
    await using file = await open(path);
    const parts = partsOf(file);
    await parts.next();
    await truncate(path, 8 * MiB);
    await expect(parts.next()).rejects.toMatchObject({ code: 'storage-failed' });
  });
});
