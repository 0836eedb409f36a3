/** What all runs share: the images on S3, and the results of a run nobody disturbed. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { longshore, repository } from '../support/process.js';
import { S3 } from '../support/s3.js';
import { filesBelow, Sandbox } from '../support/sandbox.js';

const images = join(repository, 'examples', 'nuclei', 'images');
export const inputBucket = 'chaos-in';
export const outputBucket = 'chaos-out';

export class Ground implements AsyncDisposable {
  private constructor(
    readonly s3: S3,
    /** Names of the images. */
    readonly names: string[],
    /** Every file of the undisturbed run, by its name. */
    readonly undisturbed: Map<string, Buffer>,
  ) {}

  static async prepare(): Promise<Ground> {
    const undisturbed = await undisturbedRun();
    const s3 = await S3.start();
    await s3.createBucket(inputBucket);
    await s3.createBucket(outputBucket);
    const names = (await readdir(images)).sort();
    for (const name of names) await s3.put(inputBucket, `nuclei/${name}`, await readFile(join(images, name)));
    return new Ground(s3, names, undisturbed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.s3[Symbol.asyncDispose]();
  }
}

async function undisturbedRun(): Promise<Map<string, Buffer>> {
  await using sandbox = await Sandbox.open();
  const places = ['--input', images, '--output', sandbox.path('out')];
  const run = ['run', '--plugin', 'rgo-segmentation', ...places, '--batch-size', '5', '--quiet'];
  const ended = await longshore(run, sandbox.environment);
  if (ended.code !== 0) throw new Error(`The undisturbed run failed:\n${ended.stdout}${ended.stderr}`);
  return await filesBelow(sandbox.path('out'));
}
