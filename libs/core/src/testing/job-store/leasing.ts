/** Leasing: the right tasks, in the right order, never one to two. */
import { describe, expect, it } from '@jest/globals';
import { grantLease } from '../../lifecycle/lease-rules.js';
import type { JobStore } from '../../ports/job-store.js';
import { fitLookedAt, type LeaseFit } from '../../ports/store-exchange.js';
import type { JobState } from '../../words/job.js';
import { anAcceptedManifest, aJobSpec, aNewTask, builtAt } from '../builders.js';
import { addTasks, ids, lease, runningJob } from './subject.js';

export function leasingContract(store: () => JobStore): void {
  const spec = aJobSpec({ plugin: 'echo' });
  const plugins = ['echo'];
  const jobWith = async (id: string, tasks: number, changes: Parameters<typeof runningJob>[2] = { spec }) => {
    await runningJob(store(), id, changes);
    await addTasks(
      store(),
      id,
      Array.from({ length: tasks }, (_, index) => aNewTask(`${id}-${index}`, index)),
    );
  };

  describe('leasing', () => {
    it('stores the lease and opens an attempt', async () => {
      await jobWith('job', 1);
      const [task] = await lease(store(), { plugins, now: builtAt + 5, workerId: 'ann' });
      expect(task).toMatchObject({ id: 'job-0', state: 'leased', fence: 1, lease: { workerId: 'ann' } });
      expect(await store().findTask('job-0')).toEqual(task);
      expect(await store().listAttempts('job-0')).toEqual([
        { taskId: 'job-0', number: 1, workerId: 'ann', outcome: 'running', startedAt: builtAt + 5 },
      ]);
    });

    it('gives no more than were asked for, and nothing when there is nothing', async () => {
      await jobWith('job', 5);
      expect(await lease(store(), { plugins, limit: 3 })).toHaveLength(3);
      expect(await lease(store(), { plugins, limit: 3 })).toHaveLength(2);
      expect(await lease(store(), { plugins, limit: 3 })).toEqual([]);
    });

    it('gives no more than were asked for, of all jobs together', async () => {
      await jobWith('old', 2);
      await jobWith('new', 5);
      expect(ids(await lease(store(), { plugins, limit: 4 }))).toEqual(['old-0', 'old-1', 'new-0', 'new-1']);
    });

    it('takes the oldest job first, and its tasks by position', async () => {
      await jobWith('old', 2);
      await jobWith('new', 2);
      await store().recordScan(
        'old',
        { tasks: [aNewTask('old-late', 9), aNewTask('old-early', 5)], objectsListed: 4, objectsSkipped: 0, done: true },
        builtAt,
      );
      expect(ids(await lease(store(), { plugins, limit: 10 }))).toEqual([
        'old-0',
        'old-1',
        'old-early',
        'old-late',
        'new-0',
        'new-1',
      ]);
    });

    it('leaves a task alone until its time has come', async () => {
      await jobWith('job', 1);
      await store().changeTask('job-0', (task) => ({ task: { ...task, availableAt: builtAt + 100 } }), builtAt);
      expect(await lease(store(), { plugins, now: builtAt + 99 })).toEqual([]);
      expect(ids(await lease(store(), { plugins, now: builtAt + 100 }))).toEqual(['job-0']);
    });

    it('does not let a task that waits hold up those behind it', async () => {
      await jobWith('job', 3);
      await store().changeTask('job-0', (task) => ({ task: { ...task, availableAt: builtAt + 100 } }), builtAt);
      expect(ids(await lease(store(), { plugins, limit: 2 }))).toEqual(['job-1', 'job-2']);
    });

    it('gives only what fits, and not what is behind too much that does not', async () => {
      await jobWith('other', 1);
      await jobWith('job', 5);
      const fit: LeaseFit = {
        job: ({ id }) => id === 'job',
        task: ({ position }, job) => job.id === 'job' && position % 2 === 1,
      };
      expect(ids(await lease(store(), { plugins, fit, limit: 1 }))).toEqual(['job-1']);
      expect(ids(await lease(store(), { plugins, fit, limit: 9 }))).toEqual(['job-3']);
      expect(ids(await lease(store(), { plugins, limit: 9 }))).toEqual(['other-0', 'job-0', 'job-2', 'job-4']);
      await jobWith('long', fitLookedAt + 1);
      const last: LeaseFit = { job: ({ id }) => id === 'long', task: ({ position }) => position === fitLookedAt };
      expect(await lease(store(), { plugins, fit: last })).toEqual([]);
      expect(await lease(store(), { plugins, limit: 1 })).toHaveLength(1);
      expect(ids(await lease(store(), { plugins, fit: last }))).toEqual([`long-${fitLookedAt}`]);
    });

    it('gives only tasks of plugins that were asked for', async () => {
      await jobWith('echo', 1);
      await jobWith('segment', 1, { spec: aJobSpec({ plugin: 'segment' }) });
      await jobWith('count', 1, { spec: aJobSpec({ plugin: 'count' }) });
      expect(await lease(store(), { plugins: [], limit: 10 })).toEqual([]);
      expect(await lease(store(), { plugins: ['unknown'], limit: 10 })).toEqual([]);
      expect(ids(await lease(store(), { plugins: ['segment', 'count'], limit: 10 }))).toEqual(['segment-0', 'count-0']);
    });

    it.each<JobState>(['pending', 'paused', 'completed', 'failed', 'cancelled'])(
      'gives no task of a job that is %s',
      async (state) => {
        await jobWith('job', 1);
        await store().changeJob('job', (job) => ({ job: { ...job, state } }));
        expect(await lease(store(), { plugins })).toEqual([]);
        await store().changeJob('job', (job) => ({ job: { ...job, state: 'running' } }));
        expect(await lease(store(), { plugins })).toHaveLength(1);
      },
    );

    it('never gives one task to two, however many ask at the same time', async () => {
      await jobWith('old', 40);
      await jobWith('new', 60);
      const answers = await Promise.all(
        Array.from({ length: 80 }, (_, index) => lease(store(), { plugins, workerId: `w-${index}`, limit: 2 })),
      );
      const leased = answers.flatMap((tasks, index) => tasks.map(({ id, lease }) => ({ id, lease, index })));
      expect(new Set(ids(leased)).size).toBe(100);
      expect(leased).toHaveLength(100);
      for (const { lease, index } of leased) expect(lease?.workerId).toBe(`w-${index}`);
      expect((await store().findJob('old'))?.counts.tasks).toMatchObject({ available: 0, leased: 40 });
    });

    it('raises the fence each time, and numbers the attempts by it', async () => {
      await jobWith('job', 1);
      for (const fence of [1, 2, 3]) {
        const [task] = await lease(store(), { plugins });
        expect(task?.fence).toBe(fence);
        await store().changeTask(
          'job-0',
          ({ lease: _over, ...rest }) => ({ task: { ...rest, state: 'available' }, attempt: { outcome: 'released' } }),
          builtAt,
        );
      }
      const attempts = await store().listAttempts('job-0');
      expect(attempts.map(({ number, outcome }) => [number, outcome])).toEqual([
        [1, 'released'],
        [2, 'released'],
        [3, 'released'],
      ]);
    });

    it('that throws leases nothing', async () => {
      await jobWith('job', 2);
      const refusal = new Error('no more');
      const leasing = store().leaseTasks({ plugins, now: builtAt, limit: 2 }, (task) => {
        if (task.id === 'job-1') throw refusal;
        return grantLease(task, { assignmentId: 'assignment', workerId: 'worker', now: builtAt, leaseMs: 30_000 });
      });
      await expect(leasing).rejects.toBe(refusal);
      expect((await store().findJob('job'))?.counts.tasks).toMatchObject({ available: 2, leased: 0 });
      expect(await store().listAttempts('job-0')).toEqual([]);
    });
  });

  describe('held tasks', () => {
    it('are those that are leased or accepted, of one worker or of all', async () => {
      await jobWith('job', 4);
      const [first, second] = await lease(store(), { plugins, workerId: 'ann', limit: 2 });
      const [third] = await lease(store(), { plugins, workerId: 'bob' });
      const manifest = anAcceptedManifest({ objects: [] });
      await store().changeTask('job-1', (task) => ({ task: { ...task, state: 'accepted', manifest } }), builtAt);
      const accepted = { ...second, state: 'accepted', manifest };
      expect(await store().heldTasks('ann')).toEqual(expect.arrayContaining([first, accepted]));
      expect(await store().heldTasks('ann')).toHaveLength(2);
      expect(await store().heldTasks('bob')).toEqual([third]);
      expect(await store().heldTasks('nobody')).toEqual([]);
      expect(ids(await store().heldTasks()).sort()).toEqual(['job-0', 'job-1', 'job-2']);
    });

    it('are so no longer once they are given back or done', async () => {
      await jobWith('job', 1);
      await lease(store(), { plugins });
      const free = ({ lease: _over, ...task }: Awaited<ReturnType<typeof lease>>[number]) => ({ task });
      await store().changeTask('job-0', (task) => free({ ...task, state: 'available' }), builtAt);
      expect(await store().heldTasks()).toEqual([]);
    });
  });
}
