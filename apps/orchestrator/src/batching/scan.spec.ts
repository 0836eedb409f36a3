import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import {
  groupList,
  taskStates,
  type Job,
  type JobGroup,
  type ListOptions,
  type Location,
  type ObjectRef,
} from '@longshore/core';
import {
  aJobSpec,
  aPlugin,
  ManualClock,
  MemoryJobStore,
  MemoryObjectStore,
  MemoryScratch,
  SeededChance,
} from '@longshore/core/testing';
import { scanJob } from './scan.js';

/** A store that shows few objects at a time, and breaks off after so many pages. */
class BreakingStore extends MemoryObjectStore {
  pagesLeft = Infinity;
  pageSize = 3;

  override async *list(location: Location, options?: ListOptions): AsyncIterable<ObjectRef[]> {
    for await (const page of super.list(location, options)) {
      for (let start = 0; start < page.length; start += this.pageSize) {
        if (this.pagesLeft <= 0) throw new Error('broken off');
        this.pagesLeft -= 1;
        yield page.slice(start, start + this.pageSize);
      }
    }
  }
}

async function world(names: readonly string[], maxObjects: number, groups?: JobGroup[]) {
  const objects = new BreakingStore();
  objects.createBucket('images');
  for (const name of names) objects.put('images', `in/${name}`, Buffer.from('x'));
  const store = new MemoryJobStore();
  const listed = groups && { groups: groupList(groups, {}) };
  const spec = aJobSpec({ include: ['**/*.png'], batching: { maxObjects }, ...listed });
  await store.createJob({ id: 'job', spec, createdAt: 0, ...(groups && { groups }) });
  const chance = new SeededChance();
  const job = async (): Promise<Job> => (await store.findJob('job'))!;
  const scan = async () =>
    scanJob(
      await job(),
      aPlugin(),
      {
        store,
        objects,
        clock: new ManualClock(),
        chance,
        scratch: new MemoryScratch(),
        image: async () => undefined,
        warn: () => undefined,
        onTasks: () => undefined,
      },
      AbortSignal.timeout(5_000),
    );
  return { objects, store, job, scan };
}

describe('a listing that is broken off and taken up again', () => {
  const name = fc
    .constantFrom('a.png', 'b.txt', '../c.png', 'folder/', 'd.png', 'e/f.png', 'g.PNG')
    .chain((kind) =>
      fc.nat(999).map((number) => (kind.startsWith('..') ? `../${number}.png` : kind.replace('.', `${number}.`))),
    );

  it('F11: loses no object, doubles none and counts right, wherever it breaks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(6), { maxLength: 4 }),
        async (names, maxObjects, breaks) => {
          const { objects, store, job, scan } = await world(names, maxObjects);
          for (const pages of breaks) {
            objects.pagesLeft = pages;
            await scan().catch(() => undefined);
            if ((await job()).scan === 'done') break;
          }
          objects.pagesLeft = Infinity;
          if ((await job()).scan !== 'done') await scan();

          const { items } = await store.listTasks('job', { limit: 500 });
          const planned = items.flatMap((task) => task.objects.map(({ key }) => key));
          const wanted = names.filter((found) => /\.png$/i.test(found)).map((found) => `in/${found}`);
          expect([...planned].sort()).toEqual([...wanted].sort());
          for (const task of items) expect(task.objects.length).toBeLessThanOrEqual(maxObjects);

          const ended = await job();
          expect(ended).toMatchObject({ objectsListed: names.length, objectsSkipped: names.length - wanted.length });
          const total = taskStates.reduce((sum, state) => sum + ended.counts.objects[state], 0);
          expect(total).toBe(wanted.length);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('a listing of groups that is broken off while their tasks are stored', () => {
  it('F11: stores the task of every group once', async () => {
    const names = Array.from({ length: 2_400 }, (_, number) => `${number}.png`);
    const groups = names.map((name, number) => ({ variables: { number }, objects: [name] }));
    const { objects, store, job, scan } = await world(names, 1, groups);
    const record = store.recordScan.bind(store);
    let steps = 0;
    store.recordScan = (...given) => {
      steps += 1;
      if (steps % 2 === 0) return Promise.reject(new Error('broken off'));
      return record(...given);
    };
    for (let tries = 0; tries < 3; tries += 1) {
      await expect(scan()).rejects.toThrow('broken off');
      // What comes later belongs to a listing that was.
      objects.put('images', `in/0-${tries}.png`, Buffer.from('x'));
      if (tries === 1) break;
    }
    await scan();
    const { items } = await store.listTasks('job', { limit: 10_000 });
    expect(items.map(({ group }) => group?.number).sort((one, other) => one! - other!)).toEqual(
      names.map((_, number) => number + 1),
    );
    expect(items.every(({ group, objects: [object] }) => object?.key === `in/${group!.number - 1}.png`)).toBe(true);
    expect(await job()).toMatchObject({ scan: 'done', objectsListed: 2_402, objectsSkipped: 2 });
  });
});

describe('a listing whose pages come quickly', () => {
  it('stores few tasks of many pages at once, and of many tasks no more than a thousand and a page', async () => {
    const names = Array.from({ length: 2_600 }, (_, number) => `${String(number).padStart(4, '0')}.png`);
    const stored = async (maxObjects: number) => {
      const { objects, store, scan } = await world(names, maxObjects);
      objects.pageSize = 500;
      const steps = jest.spyOn(store, 'recordScan');
      await scan();
      return steps.mock.calls.map(([, { tasks }]) => tasks.length);
    };
    expect(await stored(100)).toEqual([5, 20, 1]);
    expect(await stored(1)).toEqual([500, 1_000, 1_000, 100]);
  });
});
