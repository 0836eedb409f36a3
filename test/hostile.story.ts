/** Containers that do all the harm they can: each ends in its own class, and the same worker goes on with the next task. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptAnswer, JobAnswer, PageAnswer, TaskAnswer, WorkerSummary } from '@longshore/core/protocol';
import { Cluster } from './support/cluster.js';
import { containersOf } from './support/containers.js';
import { repository, type Process } from './support/process.js';
import { filesBelow, Sandbox } from './support/sandbox.js';
import { attemptsOf } from './support/tasks.js';

const plugin = join(repository, 'test', 'plugins', 'hostile.mjs');

/** What each does, and how it has to end. */
const ends: Record<string, { class: string; code: string }> = {
  'fork-bomb': { class: 'job', code: 'command-failed' },
  memory: { class: 'resource', code: 'out-of-memory' },
  'memory-of-child': { class: 'resource', code: 'out-of-memory' },
  'kills-itself': { class: 'job', code: 'command-failed' },
  'one-large-file': { class: 'resource', code: 'output-too-large' },
  'many-large-files': { class: 'resource', code: 'output-too-large' },
  // The kernel refuses to make it, and the command gives up.
  'sparse-file': { class: 'job', code: 'command-failed' },
  link: { class: 'job', code: 'output-not-a-file' },
  'link-to-folder': { class: 'job', code: 'output-not-a-file' },
  pipe: { class: 'job', code: 'output-not-a-file' },
  '100000-files': { class: 'resource', code: 'too-many-outputs' },
  'writes-inputs': { class: 'job', code: 'command-failed' },
  '1-gb-of-log': { class: 'job', code: 'command-failed' },
};
const endless: typeof ends = {
  deaf: { class: 'resource', code: 'timed-out' },
  silent: { class: 'resource', code: 'timed-out' },
};

describe('hostile containers', () => {
  let sandbox: Sandbox;
  let cluster: Cluster;
  let worker: Process;
  let job: JobAnswer;
  let endlessJob: JobAnswer;
  let dead: Map<string, TaskAnswer>;

  /** Each on its own, and a good object after it. */
  async function submit(folder: string, behaviours: string[], timeoutSeconds: number): Promise<JobAnswer> {
    for (const [at, behaviour] of behaviours.entries()) {
      const number = String(2 * at).padStart(2, '0');
      const next = String(2 * at + 1).padStart(2, '0');
      await sandbox.write(`${folder}/${number}-${behaviour}.txt`, behaviour);
      await sandbox.write(`${folder}/${next}-${behaviour === 'daemon' ? 'looks-for-daemon' : 'good'}.txt`, 'good');
    }
    const [input, output] = [sandbox.path(folder), sandbox.path(`${folder}-out`)];
    const policy = { maxAttempts: 1, timeoutSeconds };
    return cluster.submit({ plugin: 'hostile', input, output, batching: { maxObjects: 1 }, policy });
  }

  beforeAll(async () => {
    sandbox = await Sandbox.open();
    // A lease so short that a worker which is kept busy by a log would lose it.
    cluster = await Cluster.start(sandbox, { LONGSHORE_LEASE_SECONDS: '4', LONGSHORE_PLUGINS: plugin });
    worker = cluster.startWorker('hostile-a', plugin, { LONGSHORE_REQUIRE_HARDENED: 'true' });
    job = await submit('in', [...Object.keys(ends), 'daemon'], 240);
    endlessJob = await submit('endless', Object.keys(endless), 2);
    const over = ({ state }: JobAnswer) => !['pending', 'running'].includes(state);
    job = await cluster.jobWhen(job.id, over, 360_000);
    endlessJob = await cluster.jobWhen(endlessJob.id, over, 60_000);
    const tasks = await Promise.all(
      [job, endlessJob].map(({ id }) => cluster.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${id}/tasks?state=dead`)),
    );
    dead = new Map(tasks.flatMap(({ items }) => items).map((task) => [task.file_names[0] ?? '', task]));
  }, 480_000);

  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    await sandbox[Symbol.asyncDispose]();
  });

  const letterOf = (behaviour: string): TaskAnswer | undefined =>
    [...dead].find(([name]) => name.replace(/^\d+-/, '') === `${behaviour}.txt`)?.[1];

  it.each([
    ['E1', 'memory'],
    ['E1', 'memory-of-child'],
    ['E4', 'kills-itself'],
    ['E2', 'deaf'],
    ['E3', 'silent'],
    ['E5', 'fork-bomb'],
    ['E11', 'writes-inputs'],
    ['D10', 'one-large-file'],
    ['D10', 'many-large-files'],
    ['D12', '1-gb-of-log'],
    ['F21', 'sparse-file'],
    ['F21 S12', 'link'],
    ['F21 S12', 'link-to-folder'],
    ['F21 S12', 'pipe'],
    ['F21', '100000-files'],
  ])('%s: "%s" ends in its own class', (_, behaviour) => {
    expect(letterOf(behaviour)?.failure).toMatchObject({ ...ends, ...endless }[behaviour] ?? {});
    expect(letterOf(behaviour)?.losses).toBe(0);
  });

  it('E5: what a command leaves running is gone before the next task', () => {
    expect(letterOf('daemon')).toBeUndefined();
    expect(letterOf('looks-for-daemon')).toBeUndefined();
  });

  it('D12: keeps the first and the last of a log, and no more', async () => {
    const { id } = letterOf('1-gb-of-log')!;
    const last = (await attemptsOf(cluster, id)).at(-1)!;
    const { log = '' } = await cluster.get<AttemptAnswer>(`/api/v1/tasks/${id}/attempts/${last.number}`);
    expect(log.length).toBeLessThan(64_000);
    expect(log).toMatch(/ red\n/);
    expect(log).toMatch(/left out/);
    expect(log).toMatch(/the end\n$/);
  });

  it('S12: no file of this machine is in any output', async () => {
    const secret = (await readFile('/etc/hostname', 'utf8')).trim();
    for (const folder of ['in-out', 'endless-out']) {
      const files = await filesBelow(sandbox.path(folder));
      expect([...files.keys()].filter((name) => !/good|daemon/.test(name))).toEqual([]);
      expect([...files.values()].map(String)).not.toContain(secret);
    }
  });

  it('S11: the same worker did every other object, saw its walls stand, and leaves nothing', async () => {
    const others = { completed: Object.keys(ends).length + 2, dead: Object.keys(ends).length };
    expect(job).toMatchObject({ state: 'failed', objects: others });
    expect(endlessJob).toMatchObject({ state: 'failed', objects: { completed: 2, dead: 2 } });
    const { items } = await cluster.get<{ items: WorkerSummary[] }>('/api/v1/workers');
    expect(items).toHaveLength(1);
    expect(items[0]?.capabilities).toContain('hardened');
    expect(await worker.stop()).toMatchObject({ code: 0 });
    expect(await containersOf('hostile-')).toEqual([]);
    expect(await readdir(sandbox.path('work'))).toEqual([]);
  });
});
