/** What people ask: lists without objects, failures by cause, and numbers that are right whatever happened. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { durationStatistics } from '../../lifecycle/durations.js';
import { acceptManifest, completeTask } from '../../lifecycle/lease-rules.js';
import { redriveTask } from '../../lifecycle/redrive-rules.js';
import { nextTaskState } from '../../lifecycle/task-transitions.js';
import type { JobStore } from '../../ports/job-store.js';
import { failure, type Failure } from '../../words/failure.js';
import { summaryOf } from '../../words/task-summary.js';
import type { Task } from '../../words/task.js';
import { aManifest, aNewTask, aWorker, builtAt, someObjects } from '../builders.js';
import { addTasks, everyPage, ids, lease, runningJob } from './subject.js';

export function insightContract(store: () => JobStore): void {
  const why = (name: string): Failure => failure('command-failed', `The command ended with exit code 7 on "${name}".`);

  const complete = async (task: Task, afterMs: number): Promise<void> => {
    await store().changeTask(
      task.id,
      (found) => ({ task: acceptManifest(found, 'worker', found.fence, aManifest(found)) }),
      builtAt + 1,
    );
    const now = builtAt + afterMs;
    await store().changeTask(
      task.id,
      (found) => ({ task: completeTask(found, now), attempt: { outcome: 'completed' } }),
      now,
    );
  };

  /** Ends the attempt of a leased task for good. */
  const bury = (task: Task, cause: Failure): Promise<Task> =>
    store().changeTask(
      task.id,
      ({ lease: _over, ...found }) => ({
        task: { ...found, state: nextTaskState(found.state, 'exhaust'), failure: cause, endedAt: builtAt },
        attempt: { outcome: 'failed', failure: cause },
      }),
      builtAt,
    );

  /** Five tasks of one and two objects, leased. */
  const leased = async (jobId = 'job'): Promise<Task[]> => {
    await runningJob(store(), jobId);
    const tasks = [1, 2, 1, 2, 1].map((objects, index) => aNewTask(`${jobId}-${index}`, index * 10, objects));
    await addTasks(store(), jobId, tasks);
    return lease(store(), { plugins: [`plugin-${jobId}`], limit: 5 });
  };

  describe('a search for jobs', () => {
    beforeEach(async () => {
      for (const id of ['a-one', 'b-two', 'c-one']) await runningJob(store(), id);
      await store().changeJob('c-one', (job) => ({ job: { ...job, state: 'paused' } }));
    });

    it.each([
      [{}, ['c-one', 'b-two', 'a-one']],
      [{ search: 'ONE' }, ['c-one', 'a-one']],
      [{ search: 'plugin-b' }, ['b-two']],
      [{ search: 's3://images/in/' }, ['c-one', 'b-two', 'a-one']],
      [{ search: '%' }, []],
      [{ state: 'paused' as const }, ['c-one']],
      [{ state: 'running' as const, search: 'one' }, ['a-one']],
    ])('for %j finds what holds it, newest first, and counts it', async (search, found) => {
      const listed = await everyPage((page) => store().insight.searchJobs({ ...page, ...search }), 1);
      expect(ids(listed)).toEqual(found);
      expect(await store().insight.searchJobs({ limit: 1, ...search })).toMatchObject({ total: found.length });
    });
  });

  describe('summaries of tasks', () => {
    it('are the tasks without their objects, by position, page by page', async () => {
      const tasks = await leased();
      const listed = await everyPage((page) => store().insight.taskSummaries('job', page), 2);
      expect(listed).toEqual(tasks.map(summaryOf));
      expect(await store().insight.taskSummaries('job', { limit: 9, state: 'dead' })).toEqual({ items: [] });
    });

    it('name the first twenty objects of a task and count all of them', async () => {
      await runningJob(store(), 'job');
      await addTasks(store(), 'job', [aNewTask('large', 0, 5_000), aNewTask('none', 5_000, 0)]);
      const { items } = await store().insight.taskSummaries('job', { limit: 9 });
      expect(items).toMatchObject([{ objectCount: 5_000 }, { objectCount: 0, firstKeys: [] }]);
      expect(items[0]?.firstKeys).toEqual(someObjects(20).map(({ key }) => key));
    });
  });

  describe('failures', () => {
    it('are one group where they differ in names and numbers alone, with the last of them as the example', async () => {
      const [one, two, three] = await leased();
      await bury(one!, why('in/a'));
      await bury(two!, why('in/b'));
      await bury(three!, failure('out-of-memory', 'It wanted more than 64 MiB.'));
      const { items } = await store().insight.failureGroups('job', { limit: 9 });
      expect(items).toMatchObject([
        {
          code: 'command-failed',
          attempts: 2,
          tasks: 2,
          objects: 3,
          exampleTaskId: two!.id,
          example: why('in/b').message,
        },
        { code: 'out-of-memory', class: 'resource', attempts: 1, tasks: 1, objects: 1 },
      ]);
      expect(await everyPage((page) => store().insight.failureGroups('job', page), 1)).toEqual(items);
      const first = (page: { limit: number; after?: string }) =>
        store().insight.deadLetters('job', { ...page, group: items[0]!.id });
      expect(ids(await everyPage(first, 1))).toEqual([one!.id, two!.id]);
      expect(ids((await store().insight.deadLetters('job', { limit: 9 })).items)).toEqual([
        one!.id,
        two!.id,
        three!.id,
      ]);
    });

    it('say how many of their objects would be refused again', async () => {
      const [task] = await leased();
      await bury(task!, why('in/a'));
      const refusal = failure('name-refused', 'The object "in/.." is refused.');
      const archived = failure('input-archived', 'The object "in/cold" lies in an archive.');
      await addTasks(store(), 'job', [
        { ...aNewTask('refused', 100, 2), refusal },
        { ...aNewTask('cold', 110), refusal: archived },
      ]);
      const { items } = await store().insight.failureGroups('job', { limit: 9 });
      expect(items.map(({ code, objects, refused }) => [code, objects, refused]).sort()).toEqual([
        ['command-failed', 1, 0],
        ['input-archived', 1, 0],
        ['name-refused', 2, 2],
      ]);
    });

    it('stay known as causes once their dead letters are redriven', async () => {
      const [one, two] = await leased();
      for (const task of [one!, two!]) await bury(task, why('in/a'));
      await store().changeTask(one!.id, (task, job) => ({ task: redriveTask(task, job, builtAt) }), builtAt);
      const { items } = await store().insight.failureGroups('job', { limit: 9 });
      expect(items).toMatchObject([{ attempts: 2, tasks: 1, objects: 2 }]);
      const letters = await store().insight.deadLetters('job', { limit: 9, group: items[0]!.id });
      expect(ids(letters.items)).toEqual([two!.id]);
    });

    it('of attempts that are tried again are counted without a dead letter', async () => {
      const [one] = await leased();
      await store().changeTask(
        one!.id,
        ({ lease: _over, ...task }) => ({
          task: { ...task, state: 'available' },
          attempt: { outcome: 'failed', failure: why('in/a') },
        }),
        builtAt,
      );
      const { items } = await store().insight.failureGroups('job', { limit: 9 });
      expect(items).toMatchObject([{ attempts: 1, tasks: 0, objects: 0 }]);
    });

    it('of objects that were refused before anybody tried are dead letters with no attempt', async () => {
      await runningJob(store(), 'job');
      await addTasks(store(), 'job', [aNewTask('refused', 0, 1, { refusal: failure('name-refused', 'No.') })]);
      expect((await store().insight.failureGroups('job', { limit: 9 })).items).toMatchObject([
        { code: 'name-refused', attempts: 0, tasks: 1, objects: 1 },
      ]);
    });

    it('that all differ do not make more than 500 groups and one for each code', async () => {
      await runningJob(store(), 'job');
      const name = (index: number) => String.fromCodePoint(0x4e00 + index).repeat(3);
      const tasks = Array.from({ length: 520 }, (_, index) =>
        aNewTask(`task-${index}`, index, 1, { refusal: failure('hook-failed', `No ${name(index)}.`) }),
      );
      await addTasks(store(), 'job', tasks);
      const groups = await everyPage((page) => store().insight.failureGroups('job', page), 100);
      expect(groups).toHaveLength(501);
      expect(groups.reduce((sum, group) => sum + group.tasks, 0)).toBe(520);
      expect(groups[0]).toMatchObject({ id: 'hook-failed.other', pattern: '…', tasks: 20 });
    });
  });

  describe('numbers', () => {
    it('tell how long tasks were held, of one job and of all', async () => {
      const [one, two] = await leased();
      await complete(one!, 1_000);
      await complete(two!, 5_000);
      const [other] = await leased('other');
      await complete(other!, 60_000);
      const statistics = durationStatistics(await store().insight.durations('job'));
      expect(statistics).toMatchObject({ count: 2, minMs: 1_000, maxMs: 5_000, sumMs: 6_000 });
      expect(durationStatistics(await store().insight.durations())).toMatchObject({ count: 3, maxMs: 60_000 });
      expect(await store().insight.durations('none')).toEqual([]);
    });

    it('tell what was done when, in steps', async () => {
      const [one, two, three] = await leased();
      await complete(one!, 5_000);
      await complete(two!, 25_000);
      await bury(three!, why('in/a'));
      const [from, to] = [builtAt, builtAt + 60_000];
      const work = (stepMs: number) => store().insight.work('job', { from, to, stepMs });
      expect(await work(10_000)).toEqual([
        { at: builtAt, tasks: 1, objects: 1, bytes: 100, failedAttempts: 1 },
        { at: builtAt + 20_000, tasks: 1, objects: 2, bytes: 200, failedAttempts: 0 },
      ]);
      expect(await work(60_000)).toEqual([{ at: builtAt, tasks: 2, objects: 3, bytes: 300, failedAttempts: 1 }]);
      expect(await store().insight.work('job', { from: to, to: to + 1, stepMs: 10_000 })).toEqual([]);
    });

    it('count jobs by plugin, state and day, and the tasks of all of them', async () => {
      await leased();
      await leased('other');
      const { spec } = (await store().findJob('job'))!;
      await store().createJob({ id: 'later', spec, createdAt: builtAt + 1_000 });
      await store().createJob({ id: 'third', spec, createdAt: builtAt + 86_400_000 });
      const { insight } = store();
      expect(await insight.jobsByPlugin()).toEqual([
        { plugin: 'plugin-job', count: 3 },
        { plugin: 'plugin-other', count: 1 },
      ]);
      expect(await insight.jobsByState()).toEqual([
        { state: 'pending', count: 2 },
        { state: 'running', count: 2 },
      ]);
      expect(await insight.jobsByDay(builtAt)).toEqual([
        { day: '2026-01-01', count: 3 },
        { day: '2026-01-02', count: 1 },
      ]);
      expect(await insight.jobsByDay(builtAt + 1_001)).toEqual([{ day: '2026-01-02', count: 1 }]);
      expect(await insight.totals()).toMatchObject({
        tasks: { leased: 10 },
        objects: { leased: 14 },
        bytes: { leased: 1_400 },
      });
    });

    it('of an empty store are none', async () => {
      const { insight } = store();
      expect(await insight.searchJobs({ limit: 9 })).toEqual({ items: [], total: 0 });
      expect(await insight.jobsByPlugin()).toEqual([]);
      expect(await insight.totals()).toMatchObject({ tasks: { completed: 0 } });
      expect(await insight.failureGroups('none', { limit: 9 })).toEqual({ items: [] });
    });
  });

  describe('what is held', () => {
    it('is told of a worker, and of a job, longest held first', async () => {
      await runningJob(store(), 'job');
      await addTasks(store(), 'job', [aNewTask('a', 0), aNewTask('b', 1), aNewTask('c', 2)]);
      const plugins = ['plugin-job'];
      await lease(store(), { plugins, workerId: 'one', now: builtAt + 9 });
      await lease(store(), { plugins, workerId: 'two', now: builtAt + 5 });
      await lease(store(), { plugins, workerId: 'one', now: builtAt + 1 });
      expect(ids(await store().insight.heldBy('one'))).toEqual(['c', 'a']);
      expect(ids(await store().insight.longestHeld('job', 2))).toEqual(['c', 'b']);
      expect(await store().insight.heldBy('nobody')).toEqual([]);
    });

    it('says of what waits from when on it may be leased, by position', async () => {
      await runningJob(store(), 'job');
      await addTasks(store(), 'job', [aNewTask('b', 10), aNewTask('a', 0), aNewTask('c', 20)]);
      await store().changeTask('a', (task) => ({ task: { ...task, availableAt: builtAt + 7 } }), builtAt);
      expect(await store().insight.availableFrom('job', 2)).toEqual([builtAt + 7, builtAt]);
      await lease(store(), { plugins: ['plugin-job'], limit: 2 });
      expect(await store().insight.availableFrom('job', 2)).toEqual([builtAt + 7]);
      expect(await store().insight.availableFrom('none', 2)).toEqual([]);
    });

    it('can be leased by its name, to one of two that ask', async () => {
      await runningJob(store(), 'job');
      await addTasks(store(), 'job', [aNewTask('a', 0), aNewTask('b', 1)]);
      const query = { plugins: ['plugin-job'], taskId: 'b' };
      const both = await Promise.all([lease(store(), query), lease(store(), { ...query, workerId: 'other' })]);
      expect(both.flat()).toMatchObject([{ id: 'b', fence: 1, lease: { workerId: 'worker' } }]);
      expect(await lease(store(), { ...query, taskId: 'a', plugins: ['plugin-other'] })).toEqual([]);
      expect(await lease(store(), { ...query, taskId: 'none' })).toEqual([]);
    });
  });

  describe('attempts and workers', () => {
    it('are told page by page', async () => {
      await runningJob(store(), 'job');
      await addTasks(store(), 'job', [aNewTask('a', 0)]);
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        const [task] = await lease(store(), { plugins: ['plugin-job'] });
        await store().changeTask(
          task!.id,
          ({ lease: _over, ...found }) => ({
            task: { ...found, state: 'available' },
            attempt: { outcome: 'failed', log: 'long' },
          }),
          builtAt,
        );
      }
      const attempts = await everyPage((page) => store().insight.attempts('a', page), 2);
      expect(attempts).toEqual(await store().listAttempts('a'));
      expect(attempts).toHaveLength(3);
    });

    it('of workers newest first, of one state or all', async () => {
      for (const id of ['a', 'b', 'c']) await store().saveWorker(aWorker({ id }));
      await store().saveWorker(aWorker({ id: 'b', state: 'processing' }));
      expect(ids(await everyPage((page) => store().insight.workers(page), 1))).toEqual(['c', 'b', 'a']);
      const idle = await everyPage((page) => store().insight.workers({ ...page, state: 'idle' }), 1);
      expect(ids(idle)).toEqual(['c', 'a']);
    });

    it('change from what they are now, however many change them', async () => {
      await store().saveWorker(aWorker());
      await Promise.all([
        store().changeWorker('worker', (worker) => ({ ...worker, draining: true })),
        store().changeWorker('worker', (worker) => ({ ...worker, lastSeenAt: builtAt + 5 })),
      ]);
      expect(await store().findWorker('worker')).toMatchObject({ draining: true, lastSeenAt: builtAt + 5 });
      const nobody = store().changeWorker('nobody', (worker) => worker);
      await expect(nobody).rejects.toMatchObject({ code: 'worker-unknown' });
    });
  });
}
