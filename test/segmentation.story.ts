/** The main job, end to end, on real images: from a folder and from S3, twice, with the same bytes each time. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { containersHere } from './support/containers.js';
import { longshore, repository, type Ended } from './support/process.js';
import { filesBelow, Sandbox } from './support/sandbox.js';
import { S3 } from './support/s3.js';
import { pearson, readTable } from './support/tables.js';

const images = join(repository, 'examples', 'nuclei', 'images');

describe('rgo-segmentation on 24 real images', () => {
  let sandbox: Sandbox;
  let first: Ended;

  const run = (input: string, output: string, more: string[] = [], environment = {}) =>
    longshore(['run', '--plugin', 'rgo-segmentation', '--input', input, '--output', output, '--quiet', ...more], {
      ...sandbox.environment,
      ...environment,
    });

  beforeAll(async () => {
    sandbox = await Sandbox.open();
    first = await run(images, sandbox.path('first'), ['--batch-size', '4']);
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('ends well and leaves one label image for each input and one table', async () => {
    expect(first).toMatchObject({ code: 0 });
    const inputs = await readdir(images);
    const outputs = [...(await filesBelow(sandbox.path('first'))).keys()].sort();
    expect(outputs).toEqual([...inputs.map((name) => `${name}.labels.png`), 'counts.csv'].sort());
  });

  it('counts nuclei as people do: r at least 0.93, total within 15 percent', async () => {
    const counted = readTable(await readFile(sandbox.path('first', 'counts.csv'), 'utf8'), 'count');
    const truth = readTable(await readFile(join(images, '..', 'truth.csv'), 'utf8'), 'nuclei');
    expect([...counted.keys()].sort()).toEqual([...truth.keys()].sort());
    const pairs = [...truth].map(([file, nuclei]): [number, number] => [counted.get(file) ?? 0, nuclei]);
    const total = (side: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[side], 0);
    expect(pearson(pairs)).toBeGreaterThanOrEqual(0.93);
    expect(Math.abs(total(0) / total(1) - 1)).toBeLessThanOrEqual(0.15);
  });

  it('gives the same bytes again, however the images are batched', async () => {
    expect(await run(images, sandbox.path('second'), ['--batch-size', '7', '--workers', '1'])).toMatchObject({
      code: 0,
    });
    expect(await filesBelow(sandbox.path('second'))).toEqual(await filesBelow(sandbox.path('first')));
  });

  it('gives the same bytes from and to S3', async () => {
    await using s3 = await S3.start();
    await s3.createBucket('lab-in');
    await s3.createBucket('lab-out');
    for (const name of await readdir(images))
      await s3.put('lab-in', `nuclei/${name}`, await readFile(join(images, name)));
    const ended = await run('s3://lab-in/nuclei/', 's3://lab-out/run1/', ['--batch-size', '4'], s3.environment);
    expect(ended).toMatchObject({ code: 0 });
    expect(await s3.objectsBelow('lab-out', 'run1/')).toEqual(await filesBelow(sandbox.path('first')));
    expect(await s3.openUploads('lab-out')).toBe(0);
  });

  it('leaves no container and no workspace', async () => {
    expect(await containersHere('run-')).toEqual([]);
    const left = [...(await filesBelow(sandbox.path('home'))).keys()];
    expect(left.filter((name) => name.includes('/work/'))).toEqual([]);
  });
});
