import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { assertImage, assertName, assertSummary, makePlugin, type NewPlugin } from './new-plugin.js';

describe('a new plugin', () => {
  let home: string;
  const wish = (changes: Partial<NewPlugin> = {}): NewPlugin => ({
    name: 'line-tally',
    folder: join(home, 'line-tally'),
    image: 'busybox:1.36',
    ownImage: false,
    summary: 'Counts lines',
    ...changes,
  });
  const made = (name: string) => readFile(join(home, 'line-tally', name), 'utf8');

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'longshore-new-plugin-'));
  });

  afterEach(() => rm(home, { recursive: true }));

  it('is a package of its name, with a command, an example and what must come out of it', async () => {
    expect(await makePlugin(wish())).toEqual([
      'README.md',
      'example/expected/counts.csv',
      'example/expected/letters/greek letters.txt.count',
      'example/expected/numbers.txt.count',
      'example/input/letters/greek letters.txt',
      'example/input/numbers.txt',
      'index.mjs',
      'package.json',
      'run.sh',
    ]);
    expect(JSON.parse(await made('package.json'))).toMatchObject({
      name: 'longshore-plugin-line-tally',
      description: 'Counts lines',
      main: 'index.mjs',
      files: ['index.mjs', 'run.sh'],
    });
    expect(await made('index.mjs')).toContain("image: 'busybox:1.36'");
    expect((await stat(join(home, 'line-tally', 'run.sh'))).mode & 0o111).not.toBe(0);
  });

  it('has a Dockerfile where it wants an image of its own, with the command in it', async () => {
    const files = await makePlugin(wish({ ownImage: true, image: 'debian:bookworm-slim' }));
    expect(files).toEqual(expect.arrayContaining(['image/Dockerfile', 'image/run.sh']));
    expect(files).not.toContain('run.sh');
    expect(await made('image/Dockerfile')).toContain('\nFROM debian:bookworm-slim\nCOPY run.sh');
    expect(await made('index.mjs')).toContain("image: 'line-tally:1'");
    expect(await made('index.mjs')).not.toContain('readFileSync');
    expect(await made('README.md')).toContain('docker build --tag line-tally:1 image');
    expect(JSON.parse(await made('package.json'))).toMatchObject({ files: ['index.mjs'] });
  });

  it.each([false, true])('leaves no place of a template open, with an image of its own: %s', async (ownImage) => {
    for (const file of await makePlugin(wish({ ownImage }))) expect(await made(file)).not.toMatch(/\{\{|\}\}/);
  });

  it('may go into a folder that is empty, and into none that holds something', async () => {
    const { folder } = wish();
    await mkdir(folder);
    await makePlugin(wish());
    await expect(makePlugin(wish())).rejects.toMatchObject({ message: expect.stringContaining('holds something') });
    const file = join(home, 'file');
    await writeFile(file, 'mine');
    await expect(makePlugin(wish({ folder: file }))).rejects.toMatchObject({
      remedy: expect.stringContaining('--folder'),
    });
    expect([await readFile(file, 'utf8'), await readdir(home)]).toEqual(['mine', ['file', 'line-tally']]);
  });

  it.each(['', 'Echo', 'a b', '../x', '-x', 'x/y', "x'", 'a'.repeat(61)])('is not called %j', (name) => {
    expect(() => assertName(name, [])).toThrow(/is no name of a plugin/);
  });

  it('is not called as one that would be found instead of it, nor as the package', () => {
    expect(() => assertName('echo', ['echo'])).toThrow(/"echo" already/);
    expect(() => assertName('longshore-plugin-nuclei', [])).toThrow(
      expect.objectContaining({ remedy: 'Leave the beginning out: longshore plugin new nuclei' }),
    );
    expect(() => assertName('line-tally', ['echo'])).not.toThrow();
  });

  it('takes nothing into its code that would end a text there', () => {
    for (const image of ['', "a'b", 'a b', '-x', '$(reboot)', 'a\nb'])
      expect(() => assertImage(image)).toThrow(/image/);
    for (const image of ['busybox:1.36', 'registry.example.org:5000/a/b@sha256:00']) assertImage(image);
    for (const text of ['', ' ', "it's", 'a */ b', 'a\nb', '\\', '"', '`'])
      expect(() => assertSummary(text)).toThrow(/line/);
    assertSummary('Segmentiert Zellkerne (äußerst schnell)');
  });
});
