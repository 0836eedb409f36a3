import { beforeEach, describe, expect, it } from '@jest/globals';
import { carriedManifest } from '../skipping/carried.js';
import { aDoneRecord, aJobSpec, aNewTask, aPlugin, builtAt } from '../testing/builders.js';
import { runningJob } from '../testing/job-store/subject.js';
import { MemoryJobStore } from '../testing/memory-job-store.js';
import { MemoryObjectStore } from '../testing/memory-object-store.js';
import type { Task } from '../words/task.js';
import { lookAtJob } from './check-invariants.js';

const output = { bucket: 'results', prefix: 'out/' };

describe('a job that took over the result of an earlier one', () => {
  let store: MemoryJobStore;
  let objects: MemoryObjectStore;

  beforeEach(async () => {
    store = new MemoryJobStore();
    objects = new MemoryObjectStore();
    objects.createBucket('results');
    const staged = objects.stageContent(output, 'object-000000.out', Buffer.from('made before'));
    await objects.publish(output, staged);
    objects.put('results', 'out/.longshore/manifests/1-earlier.jsonl', Buffer.from('{}'));
    const outputs = [{ name: staged.name, size_bytes: staged.sizeBytes, sha256: staged.sha256, etag: '' }];
    const carried = carriedManifest([aDoneRecord({ key: 'in/object-000000', outputs })]);
    await runningJob(store, 'job', { spec: aJobSpec({ skip: { by: 'manifest' } }) });
    const tasks = [{ ...aNewTask('old', 0), carried }, aNewTask('waiting', 1)];
    const step = { tasks, objectsListed: 2, objectsSkipped: 0, objectsDoneBefore: 1, done: true };
    await store.recordScan('job', step, builtAt);
  });

  async function seen(): Promise<[string, string][]> {
    const ground = { store, objects, pluginOf: () => aPlugin() };
    const found = await lookAtJob((await store.findJob('job'))!, ground, { depth: 'content', reports: [] });
    return [...found].flatMap(([id, sentences]) => sentences.map((sentence): [string, string] => [id, sentence]));
  }

  const spoil = (changes: Partial<Task>) =>
    store.changeTask('old', (task) => ({ task: { ...task, ...changes } }), builtAt);

  it('keeps every invariant, and its records are no stray outputs', async () => {
    expect(await seen()).toEqual([]);
  });

  it('I2: is not allowed to run what it took over', async () => {
    await spoil({ state: 'available' });
    expect(await seen()).toContainEqual(['I2', 'Task old holds results of earlier jobs, and is not as it was made.']);
  });

  it('I6: must still have the outputs it took over', async () => {
    objects.remove('results', 'out/object-000000.out');
    expect(await seen()).toEqual([['I6', expect.stringMatching(/"object-000000.out" .* is not there/)]]);
  });

  it('I11: counts what it took over', async () => {
    await store.changeJob('job', (job) => ({ job: { ...job, objectsDoneBefore: 2 } }));
    expect(await seen()).toEqual([['I11', 'Job job took over 2 results of earlier jobs, and its tasks hold 1.']]);
  });
});
