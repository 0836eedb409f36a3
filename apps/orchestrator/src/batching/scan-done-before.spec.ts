import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { carriedManifest, type Job, type JobPlugin, type NewTask, type ScanStep } from '@longshore/core';
import {
  aDoneRecord,
  aJobSpec,
  aPlugin,
  ManualClock,
  MemoryJobStore,
  MemoryObjectStore,
  MemoryScratch,
  SeededChance,
} from '@longshore/core/testing';
import { scanJob } from './scan.js';

const digest = aDoneRecord().image_digest;

/** So many objects, some of them done by an earlier job. */
async function world(count: number, isDone: (index: number) => boolean, { maxObjects = 3, breakAt = Infinity } = {}) {
  const objects = new MemoryObjectStore();
  objects.createBucket('images');
  objects.createBucket('results');
  const keys = Array.from({ length: count }, (_, index) => `in/${String(index).padStart(6, '0')}`);
  for (const key of keys) objects.put('images', key, Buffer.from(key));
  const etags = await etagsOf(objects, 'images');
  for (const key of keys) objects.put('results', `out/${key.slice(3)}.out`, Buffer.from('0123456789'));
  const outEtags = await etagsOf(objects, 'results');
  const lines = keys
    .filter((_, index) => isDone(index))
    .map((key) => {
      const name = `${key.slice(3)}.out`;
      const outputs = [{ name, size_bytes: 10, sha256: 'ab'.repeat(32), etag: outEtags.get(`out/${name}`)! }];
      return JSON.stringify(aDoneRecord({ key, etag: etags.get(key)!, outputs }));
    });
  objects.put('results', 'out/.longshore/manifests/1-earlier.jsonl', Buffer.from(`${lines.join('\n')}\n`));
  const store = new StepStore(breakAt);
  const spec = aJobSpec({ batching: { maxObjects }, skip: { by: 'manifest' } });
  await store.createJob({ id: 'job', spec, createdAt: 0 });
  const chance = new SeededChance();
  const scratch = new MemoryScratch();
  const job = async (): Promise<Job> => (await store.findJob('job'))!;
  const scan = async (plugin: JobPlugin = aPlugin()) =>
    scanJob(
      await job(),
      plugin,
      {
        store,
        objects,
        clock: new ManualClock(),
        chance,
        scratch,
        image: async () => digest,
        warn: () => undefined,
        onTasks: () => undefined,
      },
      AbortSignal.timeout(20_000),
    );
  return { objects, store, scratch, job, scan, keys };
}

async function etagsOf(objects: MemoryObjectStore, bucket: string): Promise<Map<string, string>> {
  const etags = new Map<string, string>();
  for await (const page of objects.list({ bucket, prefix: '' })) for (const { key, etag } of page) etags.set(key, etag);
  return etags;
}

/** Remembers its steps, and dies at one of them. */
class StepStore extends MemoryJobStore {
  readonly steps: ScanStep[] = [];

  constructor(public breakAt: number) {
    super();
  }

  override async recordScan(jobId: string, step: ScanStep, now: number): Promise<Job> {
    if (this.steps.length === this.breakAt) throw new Error('broken off');
    this.steps.push(step);
    return super.recordScan(jobId, step, now);
  }
}

const keysOf = (tasks: readonly Pick<NewTask, 'objects'>[]) =>
  tasks.flatMap(({ objects }) => objects.map(({ key }) => key));

describe('a listing in which some objects are done', () => {
  it('F11: carries those over and runs the others, each once, wherever it is broken off', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 2_600 }),
        fc.integer({ min: 1, max: 7 }),
        fc.nat(3),
        async (done, maxObjects, breakAt) => {
          const { store, scratch, job, scan, keys } = await world(done.length, (index) => done[index]!, {
            maxObjects,
            breakAt,
          });
          await scan().catch(() => undefined);
          store.breakAt = Infinity;
          if ((await job()).scan !== 'done') await scan();
          const tasks = store.steps.flatMap((step) => step.tasks);
          expect(keysOf(tasks).toSorted()).toEqual(keys);
          const carried = tasks.filter((task) => task.carried);
          expect(keysOf(carried).toSorted()).toEqual(keys.filter((_, index) => done[index]));
          const ended = await job();
          expect(ended).toMatchObject({ objectsListed: keys.length, objectsSkipped: 0 });
          expect(ended.objectsDoneBefore ?? 0).toBe(done.filter(Boolean).length);
          expect(scratch.openTables).toBe(0);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('holds no more than a few thousand done objects for an open batch', async () => {
    const { store, scan } = await world(16_000, (index) => index !== 0, { maxObjects: 10 });
    await scan();
    const largest = Math.max(...store.steps.map(({ tasks }) => keysOf(tasks).length));
    expect(largest).toBeLessThanOrEqual(7_000);
    expect(store.steps.length).toBeGreaterThan(2);
  });

  it('carries over what it is told, and nothing else of a record', () => {
    const record = aDoneRecord({ record: { count: 3 } });
    const { entries, ...facts } = carriedManifest([record]);
    expect(facts).toMatchObject({ imageDigest: digest, pluginVersion: '1.0.0', attempt: 0, workerId: '' });
    expect(entries).toEqual([
      {
        objectKey: 'in/a',
        etag: '"in/a"',
        outputs: [{ name: 'a.out', sizeBytes: 10, sha256: 'ab'.repeat(32), token: '' }],
        record: { count: 3 },
        origin: {
          jobId: 'earlier',
          taskId: 'task of earlier',
          attempt: 1,
          workerId: 'worker',
          exitCode: 0,
          durationMs: 1_234,
        },
      },
    ]);
  });
});
