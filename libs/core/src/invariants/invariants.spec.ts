import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { acceptManifest, completeTask, grantLease } from '../lifecycle/lease-rules.js';
import { endJob } from '../lifecycle/job-rules.js';
import type { JobStore } from '../ports/job-store.js';
import type { TaskChange } from '../ports/store-exchange.js';
import { aJobSpec, aManifest, aNewTask, anAcceptedManifest, aPlugin, builtAt } from '../testing/builders.js';
import { addTasks, lease, runningJob } from '../testing/job-store/subject.js';
import { MemoryJobStore } from '../testing/memory-job-store.js';
import { MemoryObjectStore } from '../testing/memory-object-store.js';
import type { Job } from '../words/job.js';
import type { Task } from '../words/task.js';
import { brokenInvariants, lookAtJob, type Ground } from './check-invariants.js';
import { invariantIds, type InvariantId } from './invariant.js';
import type { OutputOptions } from './visible-outputs.js';

const everything: OutputOptions = { depth: 'content', reports: [] };
const output = { bucket: 'results', prefix: 'out/' };

let folder: string;
let store: MemoryJobStore;
let objects: MemoryObjectStore;
let ground: Ground;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-invariants-'));
  store = new MemoryJobStore();
  objects = new MemoryObjectStore();
  objects.createBucket('results');
  ground = { store, objects, pluginOf: () => aPlugin() };
});

afterEach(() => rm(folder, { recursive: true }));

/** A job with one task done, one leased and one that waits. */
async function workedJob(): Promise<Job> {
  await runningJob(store, 'job', { spec: aJobSpec() });
  await addTasks(store, 'job', [aNewTask('done', 0, 2), aNewTask('held', 2, 2), aNewTask('waiting', 4, 2)]);
  const [done] = await lease(store, { plugins: ['echo'], limit: 2 });
  await finish(done!);
  return (await store.findJob('job'))!;
}

/** As an honest worker does it. */
async function finish(task: Task): Promise<void> {
  const manifest = aManifest(task);
  for (const entry of manifest.entries) {
    const path = join(folder, 'made');
    await writeFile(path, `made of ${entry.objectKey}`);
    entry.outputs = await Promise.all(entry.outputs.map(({ name }) => objects.stage({ location: output, name, path })));
  }
  const { workerId } = task.lease!;
  await change(task.id, (found) => ({ task: acceptManifest(found, workerId, task.fence, manifest) }));
  for (const staged of manifest.entries.flatMap((entry) => entry.outputs)) await objects.publish(output, staged);
  const attempt = { outcome: 'completed' } as const;
  await change(task.id, (found) => ({ task: completeTask(found, builtAt + 1), attempt }));
}

function change(id: string, decide: (task: Task) => TaskChange): Promise<Task> {
  return store.changeTask(id, decide, builtAt + 1);
}

/** Breaks what a task says. */
function spoil(id: string, changes: Partial<Task>): Promise<Task> {
  return change(id, (task) => ({ task: { ...task, ...changes } }));
}

function spoilJob(changes: Partial<Job>): Promise<Job> {
  return store.changeJob('job', (job) => ({ job: { ...job, ...changes } }));
}

async function seen(job?: Job): Promise<[InvariantId, string][]> {
  const found = await lookAtJob(job ?? (await store.findJob('job'))!, ground, everything);
  return [...found].flatMap(([id, sentences]) => sentences.map((sentence): [InvariantId, string] => [id, sentence]));
}

type Plant = () => Promise<unknown>;

const plants: [InvariantId, string, Plant, RegExp][] = [
  [
    'I1',
    'an object in two tasks',
    () => addTask('twice', 5, 1),
    /"in\/object-000005" is in two tasks, waiting and twice/,
  ],
  ['I1', 'an object in no task', () => spoilJob({ objectsListed: 7 }), /took 7 objects .* its tasks hold 6/],
  [
    'I1',
    'an object lost by a split',
    () => spoil('waiting', { state: 'split', endedAt: builtAt }),
    /was lost when task waiting/,
  ],
  [
    'I1',
    'a task that is over without an end',
    () => spoil('done', { endedAt: undefined! }),
    /done is completed and has no end/,
  ],
  [
    'I1',
    'a task that goes on after its end',
    () => spoil('waiting', { endedAt: builtAt }),
    /waiting is available and has an end/,
  ],
  [
    'I2',
    'a manifest of an older attempt',
    () => manifestOf('done', 0),
    /manifest of task done is of attempt 0, and fence 1/,
  ],
  [
    'I2',
    'a result without a manifest',
    () => change('done', ({ manifest: _gone, ...task }) => ({ task })),
    /without a manifest/,
  ],
  ['I2', 'a completion that no attempt made', () => attemptOf('done', 'failed'), /no attempt completed it/],
  [
    'I2',
    'a completion of a task that is not done',
    () => attemptOf('held', 'completed'),
    /held is leased, and an attempt completed/,
  ],
  ['I4', 'a fence that fell', () => spoil('held', { fence: 0 }), /held has fence 0, and its newest attempt is 1/],
  ['I4', 'a fence that was jumped over', () => leaseAgainFrom(4), /Attempt 5 of task held follows attempt 1/],
  ['I5', 'more failures than allowed', () => spoil('done', { failedAttempts: 4 }), /done failed 4 times of 3/],
  ['I5', 'more losses than allowed', () => spoil('done', { losses: 11 }), /done was lost 11 times of 10/],
  [
    'I5',
    'a task that is tried without an attempt left',
    () => spoil('waiting', { failedAttempts: 3 }),
    /no attempt left/,
  ],
  ['I5', 'a budget that is larger than the job allows', () => spoil('held', { maxAttempts: 9 }), /may fail 9 times/],
  [
    'I6',
    'an output that is gone',
    async () => objects.remove('results', made),
    /recorded as published and is not there/,
  ],
  ['I6', 'an output of another size', () => put(made, 'short'), /has 5 bytes, recorded are 24/],
  ['I6', 'an output with other bytes', () => put(made, 'made of in/object-000001'), /has the checksum/],
  [
    'I6',
    'an output of a rejected attempt',
    () => put('out/object-000002.out', 'early'),
    /no accepted attempt of job job wrote it/,
  ],
  [
    'I6',
    'something nobody knows of',
    () => put('out/stranger', 'x'),
    /out\/stranger" is visible .* nobody knows of it/,
  ],
  [
    'I6',
    'a manifest that leaves an object out',
    () => manifestWithout('done'),
    /says nothing of the object "in\/object-000000"/,
  ],
  [
    'I7',
    'two objects that write one output',
    () => manifestNaming('object-000001.out'),
    /both write "object-000001.out"/,
  ],
  ['I7', 'a name that leaves the workspace', () => addKey('in/../x'), /worked on although its name holds/],
  ['I7', 'an object of another prefix', () => addKey('elsewhere/x'), /does not lie below the input/],
  [
    'I11',
    'a lease that nobody holds',
    () => change('held', ({ lease: _gone, ...task }) => ({ task })),
    /leased, and nobody holds it/,
  ],
  ['I11', 'a lease of another fence', () => leaseNamed('held.7'), /lease of task held is held.7, and its fence is 1/],
  ['I11', 'an attempt that ended under a lease', () => attemptOf('held', 'failed'), /Attempt 1 of task held is failed/],
  [
    'I11',
    'an attempt that runs for nobody',
    () => attemptOf('done', 'running'),
    /still runs, and the task is completed/,
  ],
  ['I11', 'a job that is over with open tasks', endTooEarly, /Job job is completed, and 2 of its tasks are open/],
  ['I11', 'a job that failed without a reason', () => spoilJob({ state: 'failed', endedAt: 1 }), /does not say why/],
];

const made = 'out/object-000000.out';

async function addTask(id: string, position: number, count: number) {
  const job = (await store.findJob('job'))!;
  const step = { objectsListed: job.objectsListed + count, objectsSkipped: 0, done: true };
  return store.recordScan('job', { ...step, tasks: [aNewTask(id, position, count)] }, builtAt);
}

async function addKey(key: string) {
  const job = (await store.findJob('job'))!;
  const tasks = [{ id: 'strange', position: 6, objects: [{ key, sizeBytes: 1, etag: '' }] }];
  return store.recordScan(
    'job',
    { tasks, objectsListed: job.objectsListed + 1, objectsSkipped: 0, done: true },
    builtAt,
  );
}

function attemptOf(id: string, outcome: 'failed' | 'completed' | 'running') {
  return change(id, (task) => ({ task, attempt: { outcome } }));
}

function manifestOf(id: string, attempt: number) {
  return change(id, (task) => ({ task: { ...task, manifest: { ...task.manifest!, attempt } } }));
}

function manifestWithout(id: string) {
  return change(id, (task) => {
    const entries = task.manifest!.entries.slice(1);
    return { task: { ...task, manifest: { ...task.manifest!, entries } } };
  });
}

function manifestNaming(name: string) {
  return change('done', (task) => {
    const [first, ...rest] = task.manifest!.entries;
    const outputs = [{ ...first!.outputs[0]!, name }];
    return { task: { ...task, manifest: { ...task.manifest!, entries: [{ ...first, outputs }, ...rest] } } };
  });
}

function leaseNamed(assignmentId: string) {
  return change('held', (task) => ({ task: { ...task, lease: { ...task.lease!, assignmentId } } }));
}

async function leaseAgainFrom(fence: number) {
  const { lease: _over, ...task } = (await store.findTask('held'))!;
  const attempt = { outcome: 'expired' } as const;
  await change('held', () => ({ task: { ...task, state: 'available', availableAt: 0 }, attempt }));
  const grant = { assignmentId: `held.${fence + 1}`, workerId: 'worker', now: builtAt + 2, leaseMs: 1_000 };
  await store.leaseTasks({ plugins: ['echo'], now: builtAt + 2, limit: 1 }, (found) =>
    grantLease({ ...found, fence }, grant),
  );
}

function endTooEarly() {
  return store.changeJob('job', (job) => ({ job: endJob(job, builtAt) }));
}

async function put(key: string, content: string) {
  objects.put('results', key, Buffer.from(content));
}

describe('the invariants', () => {
  it('hold for a job in the middle of its life', async () => {
    expect(await seen(await workedJob())).toEqual([]);
  });

  it('are each shown to break by something below', () => {
    expect(new Set(plants.map(([id]) => id))).toEqual(new Set(invariantIds));
  });

  it.each(plants)('%s: shows %s', async (id, _, plant, sentence) => {
    await workedJob();
    await plant();
    const found = await seen();
    expect(found.filter(([broken]) => broken === id).map(([, text]) => text)).toContainEqual(
      expect.stringMatching(sentence),
    );
  });

  it('I11: show totals that are not those of the tasks', async () => {
    const job = await workedJob();
    const counts = { ...job.counts, tasks: { ...job.counts.tasks, dead: 1 } };
    expect(await seen({ ...job, counts })).toEqual([['I11', 'Job job counts 1 tasks as dead, and there are 0.']]);
  });

  it('I6: take what another job wrote to the same output for what it is', async () => {
    await workedJob();
    await runningJob(store, 'later', { spec: aJobSpec() });
    await addTasks(store, 'later', [aNewTask('again', 2, 2)]);
    const [again] = await lease(store, { plugins: ['echo'], limit: 5 }).then((tasks) =>
      tasks.filter(({ jobId }) => jobId === 'later'),
    );
    await finish(again!);
    expect(await seen()).toEqual([]);
  });

  it('are not called broken for what only one look has seen', async () => {
    await workedJob();
    const job = (await store.findJob('job'))!;
    const moving: JobStore = Object.assign(Object.create(store) as JobStore, {
      looks: 0,
      async findJob(this: { looks: number }) {
        this.looks += 1;
        return this.looks === 1 ? { ...job, objectsListed: 9 } : job;
      },
    });
    expect(await brokenInvariants('job', { ...ground, store: moving }, everything)).toEqual(new Map());
    await spoilJob({ objectsListed: 9 });
    expect([...(await brokenInvariants('job', ground, everything)).keys()]).toEqual(['I1']);
  });
});

it('I4: a fence may rise by a large step where the state was restored', async () => {
  await workedJob();
  await leaseAgainFrom(1_000_000);
  expect(await seen()).toEqual([]);
});

it('I2: an acceptance that waits to be published is whole', async () => {
  await workedJob();
  const manifest = anAcceptedManifest((await store.findTask('held'))!);
  await change('held', (task) => ({ task: { ...task, state: 'accepted', manifest } }));
  expect(await seen()).toEqual([]);
});
