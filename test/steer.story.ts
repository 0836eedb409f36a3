/** What a person does when something is wrong with some objects: see which, understand why, mend it, try again. */
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ManifestLine, TaskAnswer } from '@longshore/core/protocol';
import { Cluster } from './support/cluster.js';
import { longshore, repository } from './support/process.js';
import { filesBelow, Sandbox } from './support/sandbox.js';

const images = join(repository, 'examples', 'nuclei', 'images');
const bad = 'plate 7/half.png';

/** Fifteen real images, and one that was cut off while it was written. */
async function sixteenImages(sandbox: Sandbox): Promise<void> {
  const names = (await readdir(images))
    .filter((name) => name.endsWith('.png'))
    .sort()
    .slice(0, 15);
  await sandbox.write('in/first', '');
  for (const name of names) await copyFile(join(images, name), sandbox.path('in', name));
  const whole = await readFile(join(images, names[0] ?? ''));
  await sandbox.write(`in/${bad}`, whole.subarray(0, whole.length / 2));
}

describe('one bad image among sixteen', () => {
  it('F20: is alone among the dead letters with its reason and last lines, explained, tried again, and fifteen are done', async () => {
    await using sandbox = await Sandbox.open();
    await sixteenImages(sandbox);
    await using cluster = await Cluster.start(sandbox);
    cluster.startWorker('steered', 'rgo-segmentation');
    const command = (...args: string[]) => longshore(args, { LONGSHORE_URL: cluster.url });
    const job = await cluster.submit({
      plugin: 'rgo-segmentation',
      input: sandbox.path('in'),
      output: sandbox.path('out'),
      batching: { maxObjects: 16 },
      policy: { maxAttempts: 2, retryDelaySeconds: 0.2 },
    });
    const failed = await cluster.jobWhen(job.id, ({ state }) => state === 'failed');
    expect(failed.objects).toMatchObject({ completed: 15, dead: 1 });

    const dead = await command('dead', 'last');
    expect(dead.stdout).toMatch(/command-failed \(1\)\n {2}plate 7\/half\.png .*2 attempts failed, 0 lost/);
    expect(dead.stdout).toMatch(/\| .*half\.png.* was left out/);
    const [letter] = JSON.parse((await command('dead', 'last', '--json')).stdout) as [TaskAnswer];
    const why = await command('explain', letter.id);
    expect(why.stdout).toMatch(/is dead; 2 of 2 attempts failed by its own fault/);
    expect(why.stdout).toMatch(/set aside because of command-failed: The command ended with exit code 3/);
    expect((await command('explain', 'last')).stdout).toMatch(/It failed: 1 of 16 objects.*\n.*command-failed 1/);

    const lines = (await command('manifest', 'last')).stdout.trimEnd().split('\n');
    const manifest = lines.map((line) => JSON.parse(line) as ManifestLine);
    expect(manifest.length).toBe(15);
    const published = await filesBelow(sandbox.path('out'));
    for (const { outputs } of manifest) {
      for (const { key, size_bytes } of outputs) expect(published.get(key)?.length).toBe(size_bytes);
    }

    expect((await command('redrive', 'last', '--reason', 'timed-out')).stdout).toBe('objects tried again: 0\n');
    expect((await command('redrive', 'last', '--key', bad)).stdout).toBe('objects tried again: 1\n');
    await cluster.jobWhen(job.id, ({ state }) => state === 'running' || state === 'failed');
    const again = await cluster.jobWhen(job.id, ({ state, objects }) => state === 'failed' && objects.dead === 1);
    expect(again.objects).toMatchObject({ completed: 15, dead: 1 });
  });
});

describe('a job that is cancelled', () => {
  it('H5: stops its containers, publishes nothing more, and leaves nothing', async () => {
    await using sandbox = await Sandbox.open();
    for (let index = 0; index < 6; index += 1) await sandbox.write(`in/${index}.txt`, `${index}`);
    await using cluster = await Cluster.start(sandbox, { LONGSHORE_LEASE_SECONDS: '3' });
    cluster.startWorker('cancelled', 'echo');
    const job = await cluster.submit({
      plugin: 'echo',
      input: sandbox.path('in'),
      output: sandbox.path('out'),
      params: { pauseSeconds: 30 },
      batching: { maxObjects: 1 },
    });
    await cluster.jobWhen(job.id, ({ tasks }) => tasks.leased === 1);
    const cancelled = await longshore(['cancel', 'last'], { LONGSHORE_URL: cluster.url });
    expect(cancelled.stdout).toBe(`${job.id} is cancelled\n`);
    await cluster.jobWhen(job.id, ({ tasks }) => tasks.cancelled === 6);

    const next = await cluster.submit({ plugin: 'echo', input: sandbox.path('in'), output: sandbox.path('second') });
    await cluster.jobWhen(next.id, ({ state }) => state === 'completed', 20_000);
    expect([...(await filesBelow(sandbox.path('out'))).keys()]).toEqual([]);
    expect((await filesBelow(sandbox.path('second'))).size).toBe(12);
  });
});
