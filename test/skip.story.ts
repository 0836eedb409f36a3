/** What is done is not done again: by the records beside the outputs, found by any orchestrator, from a folder and from S3. */
import { copyFile, cp, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PlanAnswer } from '@longshore/core/protocol';
import { Cluster } from './support/cluster.js';
import { longshore, repository } from './support/process.js';
import { S3 } from './support/s3.js';
import { filesBelow, Sandbox } from './support/sandbox.js';
import { tasksOf } from './support/tasks.js';

const images = join(repository, 'examples', 'nuclei', 'images');

describe('24 images, run again and again', () => {
  let sandbox: Sandbox;
  let names: string[];

  const job = (...more: string[]) => [
    ...['--plugin', 'rgo-segmentation', '--input', sandbox.path('in'), '--output', sandbox.path('out')],
    ...['--batch-size', '4', ...more],
  ];
  const run = () => longshore(['run', ...job('--quiet')], sandbox.environment);
  const plan = async (...more: string[]) => {
    const { stdout } = await longshore(['plan', ...job('--json', ...more)], sandbox.environment);
    return JSON.parse(stdout) as PlanAnswer;
  };
  const timesOf = () =>
    Promise.all(names.map(async (name) => (await stat(sandbox.path('out', `${name}.labels.png`))).mtimeMs));

  beforeAll(async () => {
    sandbox = await Sandbox.open();
    names = (await readdir(images)).sort();
    await cp(images, sandbox.path('in'), { recursive: true });
    expect(await run()).toMatchObject({ code: 0 });
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('F24: does nothing the second time, says so, and changes no result', async () => {
    const [before, times] = [await filesBelow(sandbox.path('out')), await timesOf()];
    const again = await run();
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toMatch(
      /^completed: 24 of 24 objects done, .*\n24 objects were done already; nothing was run\.$/m,
    );
    expect(await filesBelow(sandbox.path('out'))).toEqual(before);
    expect(await timesOf()).toEqual(times);
  });

  it('F24: runs exactly the one that was changed, and the table is that of a full run', async () => {
    const [changed = '', like = ''] = names;
    const [before, times] = [await filesBelow(sandbox.path('out')), await timesOf()];
    await copyFile(join(images, like), sandbox.path('in', changed));
    const planned = await plan('--why', changed);
    expect(planned).toMatchObject({ run: { objects: 1 }, done_before: 23, reasons: [{ reason: 'object-changed' }] });
    expect(planned.why).toEqual([expect.stringMatching(/^It would be run: it has changed since job \S+ did it/)]);
    const again = await run();
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toMatch(/^23 objects were done already; 1 was run\.$/m);
    const [now, after] = [await timesOf(), await filesBelow(sandbox.path('out'))];
    expect(names.filter((_, index) => now[index] !== times[index])).toEqual([changed]);
    expect(after.get(`${changed}.labels.png`)).toEqual(before.get(`${like}.labels.png`));
    const rows = before.get('counts.csv')!.toString().split('\n');
    const row = rows.find((line) => line.startsWith(like))!.replace(like, changed);
    const full = rows.map((line) => (line.startsWith(changed) ? row : line)).join('\n');
    expect(after.get('counts.csv')!.toString()).toBe(full);
  });
});

describe('objects on S3, for orchestrators that never heard of each other', () => {
  let sandbox: Sandbox;
  let s3: S3;
  let cluster: Cluster;
  const prefix = `skip-${process.pid}-`;

  const request = { plugin: 'echo', input: 's3://lab/in/', output: 's3://lab/out/', batching: { maxObjects: 1 } };
  const done = async (skip?: Record<string, unknown>) => {
    const { id } = await cluster.submit({ ...request, ...(skip && { skip }) });
    return cluster.jobWhen(id, ({ state }) => !['pending', 'running'].includes(state));
  };
  const why = async (key: string, more: Record<string, unknown> = {}) => {
    const answer = await fetch(`${cluster.url}/api/v1/plans`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...request, why: key, ...more }),
    });
    return ((await answer.json()) as PlanAnswer).why?.join(' ');
  };
  const freshCluster = async (number: number) => {
    const state = sandbox.path(`state-${number}`);
    cluster = await Cluster.start(sandbox, { ...s3.environment, LONGSHORE_LEASE_SECONDS: '4', LONGSHORE_STATE: state });
    cluster.startWorker(`${prefix}${number}`, 'echo');
  };

  beforeAll(async () => {
    [sandbox, s3] = await Promise.all([Sandbox.open(), S3.start()]);
    await s3.createBucket('lab');
    for (const name of ['a', 'b', 'c', 'd']) await s3.put('lab', `in/${name}.txt`, Buffer.from(name));
    await freshCluster(1);
  });
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    await s3[Symbol.asyncDispose]();
    await sandbox[Symbol.asyncDispose]();
  });

  it('F24: are done once, and by a new orchestrator with an empty state not again', async () => {
    expect(await done()).toMatchObject({ state: 'completed', objects_done_before: 0, objects: { completed: 4 } });
    await Promise.all(cluster.workers.map((worker) => worker.stop()));
    await cluster[Symbol.asyncDispose]();
    await freshCluster(2);
    const again = await done();
    expect(again).toMatchObject({ state: 'completed', objects_done_before: 4, objects: { completed: 4 } });
    const tasks = await tasksOf(cluster, again.id);
    // Nobody was given any of it.
    expect(tasks.map(({ state, fence }) => [state, fence])).toEqual([['completed', 0]]);
    expect(await s3.openUploads('lab')).toBe(0);
  });

  it('F24 F25: are done again one by one, each for a reason that is told', async () => {
    await s3.put('lab', 'in/a.txt', Buffer.from('another'));
    await s3.delete('lab', 'out/b.txt.sha256');
    await s3.put('lab', 'out/c.txt', Buffer.from('C'));
    expect(await why('in/a.txt')).toMatch(/^It would be run: it has changed since job \S+ did it: its ETag was "/);
    expect(await why('b.txt')).toMatch(/^It would be run: its output b.txt.sha256, which job \S+ left, is not there/);
    expect(await why('c.txt')).toBe('It would be run: its output c.txt was written over since.');
    expect(await why('d.txt')).toMatch(/^It is done: job \S+ did it at/);
    expect(await why('d.txt', { imageDigest: `sha256:${'0'.repeat(64)}` })).toMatch(/by the image sha256:.*0{64}\.$/);
    expect(await done()).toMatchObject({ objects_done_before: 1, objects: { completed: 4 } });
    expect(await done({ by: 'none' })).toMatchObject({ objects_done_before: 0, objects: { completed: 4 } });
    expect(await done()).toMatchObject({ objects_done_before: 4 });
  });

  it('F24: count as done by outputs that anybody left, as many and as large as is wanted', async () => {
    await s3.put('lab', 'in/e.txt', Buffer.from('e'));
    await s3.put('lab', 'in/x/e.txt', Buffer.from('x/e'));
    await s3.put('lab', 'out/e.txt', Buffer.from('made elsewhere'));
    const skip = { by: 'outputs', count: 1, minBytes: 4 };
    expect(await why('e.txt', { skip })).toBe('It counts as done because its outputs are there: e.txt.');
    expect(await why('x/e.txt', { skip })).toMatch(/^It would be run: 0 of its outputs count, and 1 are wanted/);
    expect(await done(skip)).toMatchObject({ objects_done_before: 5, objects: { completed: 1 } });
    expect((await s3.objectsBelow('lab', 'out/')).get('e.txt')?.toString()).toBe('made elsewhere');
  });
});
