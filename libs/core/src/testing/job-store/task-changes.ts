/** Changes of a task: its state, its attempt and its parts in one step, or nothing of it. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { acceptManifest, completeTask } from '../../lifecycle/lease-rules.js';
import { endAttempt } from '../../lifecycle/failure-rules.js';
import type { JobStore } from '../../ports/job-store.js';
import type { TaskChange } from '../../ports/store-exchange.js';
import { failure } from '../../words/failure.js';
import type { Job } from '../../words/job.js';
import type { Task } from '../../words/task.js';
import { aManifest, aNewTask, aTask, builtAt, someObjects, aNotice } from '../builders.js';
import { addTasks, everyTask, ids, lease, runningJob } from './subject.js';

const later = builtAt + 1_000;
const why = failure('command-failed', 'The command ended with exit code 7.', {
  objectKey: 'in/a',
  log: 'last words\n',
});

const news = aNotice('news');

export function taskChangesContract(store: () => JobStore): void {
  const change = (decide: (task: Task) => TaskChange) => store().changeTask('task', decide, later);
  const split = (task: Task, ...partIds: string[]): TaskChange => {
    const { lease: _over, ...rest } = task;
    return {
      task: { ...rest, state: 'split', failure: why, endedAt: later },
      attempt: { outcome: 'failed', failure: why },
      parts: partIds.map((id, index) =>
        aTask({
          id,
          position: task.position + index * 2,
          objects: task.objects.slice(index * 2, index * 2 + 2),
          maxAttempts: index + 1,
          availableAt: later,
          createdAt: later,
        }),
      ),
    };
  };

  describe('a change of a task', () => {
    let leased: Task;

    beforeEach(async () => {
      await runningJob(store(), 'job');
      await addTasks(store(), 'job', [aNewTask('task', 0, 4), aNewTask('other', 4)]);
      [leased] = (await lease(store(), { plugins: ['plugin-job'] })) as [Task];
    });

    it('is decided from the task and its job as they are stored', async () => {
      const job = await store().findJob('job');
      await store().changeTask(
        'task',
        (task, itsJob) => {
          expect(task).toEqual(leased);
          expect(itsJob).toEqual(job);
          return { task };
        },
        later,
      );
    });

    it('is stored and given back', async () => {
      const manifest = aManifest(leased);
      const changed = await change((task) => ({ task: acceptManifest(task, 'worker', 1, manifest) }));
      const accepted = { ...manifest, attempt: 1, workerId: 'worker' };
      expect(changed).toEqual({ ...leased, state: 'accepted', manifest: accepted });
      expect(await store().findTask('task')).toEqual(changed);
      expect((await store().findJob('job'))?.counts.objects).toMatchObject({ leased: 0, accepted: 4, available: 1 });
    });

    it('keeps a large manifest as it was reported', async () => {
      const manifest = aManifest({ objects: someObjects(2_000) });
      manifest.entries.forEach((entry, index) => (entry.record = { count: index, note: 'ünï ☃', parts: [null, 1.5] }));
      await change((task) => ({ task: acceptManifest(task, 'worker', 1, manifest) }));
      expect((await store().findTask('task'))?.manifest).toMatchObject(manifest);
    });

    it('can take facts away', async () => {
      const { policy } = (await store().findJob('job'))!.spec;
      const end = { failure: why, now: later, jitter: 0.5, policy, newId: () => 'part' };
      await change((task) => ({ task: endAttempt(task, end).task }));
      const given = await store().findTask('task');
      expect(given).toMatchObject({ state: 'available', failure: why, failedAttempts: 1 });
      expect(given).not.toHaveProperty('lease');
    });

    it('leaves the running attempt open when it does not end it', async () => {
      await change((task) => ({ task: { ...task, losses: 1 } }));
      expect(await store().listAttempts('task')).toEqual([
        { taskId: 'task', number: 1, workerId: 'worker', outcome: 'running', startedAt: builtAt },
      ]);
    });

    it('ends the running attempt when it says how', async () => {
      const accepted = acceptManifest(leased, 'worker', 1, aManifest(leased));
      await change(() => ({ task: completeTask(accepted, later), attempt: { outcome: 'completed' } }));
      expect(await store().listAttempts('task')).toEqual([
        { taskId: 'task', number: 1, workerId: 'worker', outcome: 'completed', startedAt: builtAt, endedAt: later },
      ]);
    });

    it('records why an attempt failed, for each attempt on its own', async () => {
      const giveBack = ({ lease: _over, ...task }: Task): Task => ({ ...task, state: 'available' });
      await change((task) => ({ task: giveBack(task), attempt: { outcome: 'failed', failure: why } }));
      await lease(store(), { plugins: ['plugin-job'], now: later, workerId: 'second' });
      await change((task) => ({ task: giveBack(task), attempt: { outcome: 'expired' } }));
      expect(await store().listAttempts('task')).toEqual([
        expect.objectContaining({ number: 1, workerId: 'worker', outcome: 'failed', failure: why }),
        expect.not.objectContaining({ failure: why }),
      ]);
      expect((await store().listAttempts('task'))[1]).toMatchObject({
        number: 2,
        workerId: 'second',
        outcome: 'expired',
      });
    });

    it('puts the parts of a split task in its place in the same step', async () => {
      await change((task) => split(task, 'left', 'right'));
      const tasks = await everyTask(store(), 'job');
      expect(ids(tasks).sort()).toEqual(['left', 'other', 'right', 'task']);
      expect(await store().findTask('left')).toMatchObject({
        jobId: 'job',
        state: 'available',
        objects: leased.objects.slice(0, 2),
        maxAttempts: 1,
        failedAttempts: 0,
        fence: 0,
        availableAt: later,
        createdAt: later,
      });
      expect(await store().findTask('right')).toMatchObject({ position: 2, maxAttempts: 2 });
      const { counts } = (await store().findJob('job'))!;
      expect(counts.tasks).toMatchObject({ available: 3, leased: 0, split: 1 });
      expect(counts.objects).toMatchObject({ available: 5, leased: 0, split: 4 });
    });

    it('puts its notifications into the outbox in the same step as the job that it pauses', async () => {
      const pause = (task: Task, job: Job): TaskChange => ({
        task,
        job: { ...job, state: 'paused', failure: why },
        tell: () => [news],
      });
      await store().changeTask('task', pause, later);
      expect(await store().findJob('job')).toMatchObject({ state: 'paused', failure: why });
      expect(await store().outbox.due(later, 10)).toMatchObject([news]);
    });

    it('puts a notification that several of its tasks bring, or that was sent already, there once', async () => {
      const tell = () => store().changeTasks(['task', 'other'], (task) => ({ task, tell: () => [news] }), later);
      await tell();
      expect(await store().outbox.due(later, 10)).toMatchObject([news]);
      await store().outbox.settle('news', { sentAt: later });
      await tell();
      expect(await store().outbox.due(later, 10)).toEqual([]);
    });

    it('is stored whole or not at all', async () => {
      const before = await store().findJob('job');
      const torn = change((task) => ({ ...split(task, 'new', 'other'), tell: () => [news] }));
      await expect(torn).rejects.toThrow();
      expect(await store().outbox.due(later, 10)).toEqual([]);
      expect(await store().findTask('task')).toEqual(leased);
      expect(await store().findTask('new')).toBeUndefined();
      expect(await store().listAttempts('task')).toMatchObject([{ outcome: 'running' }]);
      expect(await store().findJob('job')).toEqual(before);
    });

    it('that throws passes the error on and changes nothing', async () => {
      const before = await store().findJob('job');
      const refusal = new Error('stale');
      const refused = change((task) => {
        task.state = 'dead';
        task.objects.pop();
        throw refusal;
      });
      await expect(refused).rejects.toBe(refusal);
      expect(await store().findTask('task')).toEqual(leased);
      expect(await store().findJob('job')).toEqual(before);
    });

    it('needs a task', async () => {
      const stray = store().changeTask('nobody', (task) => ({ task }), later);
      await expect(stray).rejects.toMatchObject({ code: 'task-not-found' });
    });

    it('is made by one of many that want the same', async () => {
      const manifest = aManifest(leased);
      const accept = () => change((task) => ({ task: acceptManifest(task, 'worker', 1, manifest) }));
      const answers = await Promise.allSettled(Array.from({ length: 20 }, accept));
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await store().findJob('job'))?.counts.tasks).toMatchObject({ accepted: 1, leased: 0, available: 1 });
    });
  });
}
