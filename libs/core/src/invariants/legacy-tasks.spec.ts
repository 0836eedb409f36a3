import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { acceptManifest, completeTask, grantLease } from '../lifecycle/lease-rules.js';
import { unverifiedManifest } from '../lifecycle/legacy-word.js';
import { aJobSpec, aNewTask, aPlugin, builtAt } from '../testing/builders.js';
import { addTasks, runningJob } from '../testing/job-store/subject.js';
import { MemoryJobStore } from '../testing/memory-job-store.js';
import { MemoryObjectStore } from '../testing/memory-object-store.js';
import type { Task } from '../words/task.js';
import { lookAtJob } from './check-invariants.js';

const output = { bucket: 'results', prefix: 'out/' };

describe('a task that is done on the word of a legacy worker', () => {
  let folder: string;
  let store: MemoryJobStore;
  let objects: MemoryObjectStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-invariants-'));
    store = new MemoryJobStore();
    objects = new MemoryObjectStore();
    objects.createBucket('results');
    await runningJob(store, 'job', { spec: aJobSpec() });
    await addTasks(store, 'job', [aNewTask('done', 0, 2), aNewTask('lost', 2, 1)]);
    await store.leaseTasks({ plugins: ['echo'], now: builtAt, limit: 2 }, (task) =>
      grantLease(task, { assignmentId: `${task.id}.1`, workerId: 'old', now: builtAt, leaseMs: 1_000, legacy: true }),
    );
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** As a legacy worker does: under the final name, without asking anybody. */
  const upload = async (name: string) => {
    const path = join(folder, 'made');
    await writeFile(path, name);
    await objects.publish(output, await objects.stage({ location: output, name, path }));
  };
  const take = (objectsUnverified: number) => {
    const manifest = (task: Task) => unverifiedManifest(task, task.objects, builtAt);
    return store.changeTask(
      'done',
      (task, job) => ({
        task: completeTask(acceptManifest(task, 'old', 1, manifest(task)), builtAt),
        attempt: { outcome: 'completed' },
        job: { ...job, objectsUnverified },
      }),
      builtAt,
    );
  };
  const seen = async () => {
    const job = (await store.findJob('job'))!;
    const ground = { store, objects, pluginOf: () => aPlugin() };
    return [...(await lookAtJob(job, ground, { depth: 'content', reports: [] }))].flat(2);
  };

  it('I6 I11: needs nothing of its outputs to be there or recorded, and those of one that never reported may be there too', async () => {
    await take(2);
    expect(await seen()).toEqual([]);
    for (const name of ['whatever.png', 'object-000000.out', 'object-000002.out']) await upload(name);
    expect(await seen()).toEqual([]);
  });

  it('I6: excuses nothing in folders, where no legacy worker writes', async () => {
    await take(2);
    await upload('folder/whatever.png');
    expect(await seen()).toEqual(['I6', expect.stringMatching(/folder\/whatever.png" is visible/)]);
  });

  it('I11: is counted', async () => {
    await take(1);
    expect(await seen()).toEqual(['I11', 'Job job counts 1 objects as unverified, and there are 2.']);
  });
});
