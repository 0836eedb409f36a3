import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesDigest } from './image-facts.js';

describe('the digest of an image that nobody has told', () => {
  let root: string;
  const at = new Date('2026-01-01T00:00:00Z');
  const digest = async () => (await filesDigest(root, [join(root, 'work')])).digest;

  const write = async (name: string, content: string) => {
    await writeFile(join(root, name), content);
    await utimes(join(root, name), at, at);
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'longshore-root-'));
    for (const folder of ['bin', 'tmp', 'work']) await mkdir(join(root, folder));
    await write('bin/program', 'content');
  });
  afterEach(() => rm(root, { recursive: true }));

  it('is that of its files, and of their size', async () => {
    expect(await filesDigest(root, [])).toEqual({
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      sizeBytes: 7,
    });
  });

  it('stays the same whatever comes and goes while containers run', async () => {
    const before = await digest();
    await write('tmp/scratch', 'scratch');
    await write('work/input', 'input');
    await mkdir(join(root, 'mounted'));
    expect(await digest()).toBe(before);
  });

  it.each<[string, () => Promise<void>]>([
    ['content of another size', () => write('bin/program', 'other content')],
    ['another time', () => utimes(join(root, 'bin/program'), at, new Date('2026-01-02T00:00:00Z'))],
    ['other modes', () => chmod(join(root, 'bin/program'), 0o755)],
    ['another name', () => write('bin/program-2', '')],
    ['a link', () => symlink('program', join(root, 'bin/link'))],
  ])('changes with %s', async (_, change) => {
    const before = await digest();
    await change();
    expect(await digest()).not.toBe(before);
  });
});
