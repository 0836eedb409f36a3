/** Tasks that are cut as they are leased: what is stored is whole at every moment, and the same whoever stores it. */
import { describe, expect, it } from '@jest/globals';
import { learn, type Pace } from '../../batching/pace.js';
import { grantLease } from '../../lifecycle/lease-rules.js';
import type { JobStore } from '../../ports/job-store.js';
import type { NewTask, Task } from '../../words/task.js';
import { aJobSpec, builtAt, someObjects } from '../builders.js';
import { addTasks, countsOf, everyTask, ids, lease, runningJob, type JobStoreSubject } from './subject.js';

export function cuttingContract(store: () => JobStore, subject: () => JobStoreSubject): void {
  const plugins = ['echo'];
  const batching = { targetSeconds: 60, maxObjects: 10_000, minObjects: 1 };
  const spec = aJobSpec({ plugin: 'echo', batching });
  const piece = (id: string, first: number, count: number): NewTask => ({
    id,
    position: first,
    objects: someObjects(count, first),
    uncut: {},
  });
  const jobWith = async (...pieces: NewTask[]) => {
    await runningJob(store(), 'job', { spec });
    await addTasks(store(), 'job', pieces);
  };
  /** Two seconds for each object. */
  const learnSpeed = () => {
    const sizes = [1, 2, 3, 5, 8, 13, 21, 34, 21, 13];
    const pace = sizes.reduce<Pace | undefined>(
      (known, objects) => learn(known, { objects, bytes: 100 * objects, seconds: 2 * objects, held: 1 }),
      undefined,
    );
    return store().changeJob('job', (job) => ({ job: { ...job, ...(pace && { pace }) } }));
  };
  const keysOf = (tasks: readonly Task[]) => tasks.flatMap(({ objects }) => objects.map(({ key }) => key));
  const expectWhole = async (count: number) => {
    const tasks = await everyTask(store(), 'job');
    expect(keysOf(tasks).toSorted()).toEqual(keysOf([{ objects: someObjects(count) } as Task]));
    expect((await store().findJob('job'))?.counts).toEqual(countsOf(tasks));
    return tasks;
  };

  describe('cutting', () => {
    it('leases a part, and leaves the rest available with its totals', async () => {
      await jobWith(piece('piece', 0, 40));
      const [first, second] = await lease(store(), { plugins, limit: 2, workerId: 'ann' });
      expect(first).toMatchObject({ state: 'leased', fence: 1, position: 0, lease: { workerId: 'ann' } });
      expect(keysOf([first!, second!])).toEqual(keysOf([{ objects: someObjects(2) } as Task]));
      expect(await store().findTask(first!.id)).toEqual(first);
      expect(await store().listAttempts(first!.id)).toMatchObject([{ number: 1, outcome: 'running' }]);
      const rest = await store().findTask('piece');
      expect(rest).toMatchObject({ state: 'available', position: 2, fence: 0, uncut: {} });
      expect(rest?.objects).toEqual(someObjects(38, 2));
      await expectWhole(40);
    });

    it('makes tasks of several pieces, and removes what is used up', async () => {
      await jobWith(piece('one', 0, 8), piece('two', 8, 8), piece('three', 16, 1_000));
      await learnSpeed();
      const [task] = await lease(store(), { plugins });
      expect(task!.objects.length).toBeGreaterThan(20);
      expect(task!.objects).toEqual(someObjects(task!.objects.length));
      expect(await store().findTask('one')).toBeUndefined();
      await expectWhole(1_016);
    });

    it('begins with what takes longest', async () => {
      const large = { ...piece('second', 8, 20), objects: someObjects(20, 8) };
      large.objects[5] = { ...large.objects[5]!, sizeBytes: 1e9 };
      await jobWith(piece('first', 0, 8), large);
      await learnSpeed();
      expect(keysOf(await lease(store(), { plugins }))).toEqual([large.objects[5].key]);
      expect(keysOf(await lease(store(), { plugins }))[0]).toBe(someObjects(1)[0]!.key);
      await expectWhole(28);
    });

    it('gives each object to one, however many ask at the same time, until nothing is left', async () => {
      await jobWith(piece('one', 0, 30), piece('two', 30, 30));
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, index) => lease(store(), { plugins, workerId: `w-${index}`, limit: 2 })),
      );
      expect(keysOf(answers.flat()).toSorted()).toEqual(keysOf([{ objects: someObjects(60) } as Task]));
      const tasks = await expectWhole(60);
      expect(new Set(ids(tasks)).size).toBe(tasks.length);
      expect(tasks.filter(({ uncut }) => uncut)).toEqual([]);
    });

    it('leaves everything as it was where a lease is refused', async () => {
      await jobWith(piece('one', 0, 3), piece('two', 3, 30));
      const before = await everyTask(store(), 'job');
      let given = 0;
      const leasing = store().leaseTasks({ plugins, now: builtAt, limit: 6 }, (task) => {
        given += 1;
        if (given === 6) throw new Error('no more');
        return grantLease(task, { assignmentId: 'a', workerId: 'w', now: builtAt, leaseMs: 1_000 });
      });
      await expect(leasing).rejects.toThrow('no more');
      expect(await everyTask(store(), 'job')).toEqual(before);
      await expectWhole(33);
    });

    it('cuts one that is asked for by name under that name', async () => {
      await jobWith(piece('piece', 0, 8));
      expect(await lease(store(), { plugins, taskId: 'piece' })).toMatchObject([
        { id: 'piece', objects: someObjects(1) },
      ]);
      await expectWhole(8);
    });

    it('cuts for a worker that cannot do everything what it can', async () => {
      await jobWith(piece('piece', 0, 8));
      const wanted = someObjects(8)[6]!.key;
      const fit = { job: () => true, task: ({ objects }: Task) => objects.every(({ key }) => key === wanted) };
      expect(keysOf(await lease(store(), { plugins, limit: 5, fit }))).toEqual([wanted]);
      expect(await lease(store(), { plugins, limit: 5, fit })).toEqual([]);
      await expectWhole(8);
    });

    it('keeps what is uncut, and of what groups it is, when the store is opened again', async () => {
      await jobWith({ ...piece('piece', 0, 12), uncut: { groups: [3, 3, 6] } });
      const [first] = await lease(store(), { plugins });
      expect(first!.objects).toEqual(someObjects(3));
      const { reopen } = subject();
      if (reopen) subject().store = await reopen();
      expect(await store().findTask('piece')).toMatchObject({ uncut: { groups: [3, 6] } });
      expect((await lease(store(), { plugins, limit: 5 })).map(({ objects }) => objects.length)).toEqual([3, 6]);
      await expectWhole(12);
    });

    it('leaves tasks of a fixed size whole', async () => {
      await jobWith({ ...piece('piece', 0, 12) });
      await runningJob(store(), 'fixed', { spec: aJobSpec({ plugin: 'fixed' }) });
      await addTasks(store(), 'fixed', [{ id: 'whole', position: 0, objects: someObjects(10) }]);
      expect(await lease(store(), { plugins: ['fixed'], limit: 4 })).toMatchObject([{ id: 'whole' }]);
    });
  });
}
