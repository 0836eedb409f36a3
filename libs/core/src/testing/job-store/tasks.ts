/** Tasks as the planner stores them, and as they are listed. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JobStore } from '../../ports/job-store.js';
import type { ScanStep } from '../../ports/store-exchange.js';
import { failure } from '../../words/failure.js';
import { aDoneRecord, aNewTask, anObject, aTask, builtAt } from '../builders.js';
import { carriedManifest } from '../../skipping/carried.js';
import { addTasks, everyPage, everyTask, ids, lease, runningJob } from './subject.js';

export function tasksContract(store: () => JobStore): void {
  const step = (changes: Partial<ScanStep>): ScanStep => ({
    tasks: [],
    objectsListed: 0,
    objectsSkipped: 0,
    done: false,
    ...changes,
  });

  describe('a step of the listing', () => {
    beforeEach(() => runningJob(store(), 'job'));

    it('stores its tasks and how far it has come', async () => {
      const tasks = [aNewTask('one', 0, 3), aNewTask('two', 3, 2)];
      const progress = { objectsListed: 7, objectsSkipped: 2, scannedTo: 'in/object-000004' };
      const job = await store().recordScan('job', step({ tasks, ...progress }), builtAt);
      expect(job).toMatchObject({ ...progress, scan: 'running', state: 'running' });
      expect(job.counts).toMatchObject({
        tasks: { available: 2, dead: 0 },
        objects: { available: 5, dead: 0 },
        bytes: { available: 500, dead: 0 },
      });
      expect(await store().findJob('job')).toEqual(job);
      expect(await store().findTask('one')).toEqual(aTask({ id: 'one', objects: tasks[0]?.objects ?? [] }));
    });

    it('says when it was the last one', async () => {
      expect(await store().recordScan('job', step({ done: true }), builtAt)).toMatchObject({ scan: 'done' });
    });

    it('leaves the point to take it up again where it was when it names none', async () => {
      await store().recordScan('job', step({ scannedTo: 'in/a' }), builtAt);
      expect(await store().recordScan('job', step({ objectsListed: 1 }), builtAt)).toMatchObject({ scannedTo: 'in/a' });
    });

    it('sets a task with a refusal aside at once', async () => {
      const refusal = failure('name-refused', 'The object "in/.." is refused.', { objectKey: 'in/..' });
      const job = await addTasks(store(), 'job', [aNewTask('refused', 0, 1, { refusal }), aNewTask('fine', 1)]);
      expect(job.counts.tasks).toMatchObject({ dead: 1, available: 1 });
      const refused = await store().findTask('refused');
      expect(refused).toMatchObject({ state: 'dead', failure: refusal, endedAt: builtAt, fence: 0 });
      expect(ids(await lease(store(), { plugins: ['plugin-job'], limit: 10 }))).toEqual(['fine']);
    });

    it('begins a task completed where earlier jobs have done its objects', async () => {
      const carried = carriedManifest([
        aDoneRecord({ key: 'in/a', record: { count: 3 } }),
        aDoneRecord({ key: 'in/b' }),
      ]);
      const objects = [anObject('in/a'), anObject('in/b')];
      const tasks = [{ id: 'old', position: 0, objects, carried }, aNewTask('fine', 2)];
      const job = await store().recordScan('job', step({ tasks, objectsDoneBefore: 2 }), builtAt);
      expect(job).toMatchObject({ objectsDoneBefore: 2, counts: { objects: { completed: 2, available: 1 } } });
      const old = await store().findTask('old');
      expect(old).toMatchObject({ state: 'completed', carried: true, manifest: carried, endedAt: builtAt, fence: 0 });
      expect(await store().listAttempts('old')).toEqual([]);
      expect(ids(await lease(store(), { plugins: ['plugin-job'], limit: 10 }))).toEqual(['fine']);
    });

    it('keeps keys of any characters as they are', async () => {
      const keys = ['in/ü ☃ 🚢', 'in/"quoted"\n\t', "in/'); DROP TABLE tasks; --", 'in/%2F#?', '\u0000\u007f'];
      const objects = keys.map((key) => ({ key, sizeBytes: 2 ** 40, etag: `"${key}"` }));
      await addTasks(store(), 'job', [{ id: 'odd', position: 0, objects }]);
      expect((await store().findTask('odd'))?.objects).toEqual(objects);
    });

    it('is stored whole or not at all', async () => {
      await addTasks(store(), 'job', [aNewTask('taken', 0)]);
      const before = await store().findJob('job');
      const tasks = [aNewTask('new', 1), aNewTask('taken', 2)];
      await expect(store().recordScan('job', step({ tasks, scannedTo: 'in/z' }), builtAt)).rejects.toThrow();
      expect(await store().findJob('job')).toEqual(before);
      expect(await store().findTask('new')).toBeUndefined();
    });

    it('needs a job', async () => {
      const stray = store().recordScan('nobody', step({ tasks: [aNewTask('stray', 0)] }), builtAt);
      await expect(stray).rejects.toMatchObject({ code: 'job-not-found' });
      expect(await store().findTask('stray')).toBeUndefined();
    });
  });

  describe('tasks', () => {
    beforeEach(() => runningJob(store(), 'job'));

    it('are listed by position, each once, page by page, also where positions are equal', async () => {
      const positions = [5, 0, 2, 2, 9, 2, 7, 2];
      await addTasks(
        store(),
        'job',
        positions.map((position, index) => aNewTask(`task-${index}`, position)),
      );
      for (const limit of [1, 2, 3, 5, 8, 500]) {
        const listed = await everyPage((request) => store().listTasks('job', request), limit);
        expect(listed.map(({ position }) => position)).toEqual([0, 2, 2, 2, 2, 5, 7, 9]);
        expect(new Set(ids(listed)).size).toBe(positions.length);
      }
    });

    it('are those of one job only', async () => {
      await runningJob(store(), 'other');
      await addTasks(store(), 'job', [aNewTask('mine', 0)]);
      await addTasks(store(), 'other', [aNewTask('theirs', 0)]);
      expect(ids(await everyTask(store(), 'job'))).toEqual(['mine']);
      expect(await store().listTasks('nobody', { limit: 1 })).toEqual({ items: [] });
    });

    it('are found by state', async () => {
      await addTasks(
        store(),
        'job',
        Array.from({ length: 7 }, (_, index) => aNewTask(`task-${index}`, index)),
      );
      const leased = ids(await lease(store(), { plugins: ['plugin-job'], limit: 3 }));
      const inStates = (...states: ('available' | 'leased' | 'dead')[]) =>
        everyPage((request) => store().listTasks('job', { ...request, states }), 2);
      expect(ids(await inStates('leased'))).toEqual(leased);
      expect(ids(await inStates('available'))).toEqual(['task-3', 'task-4', 'task-5', 'task-6']);
      expect(await inStates('leased', 'available')).toHaveLength(7);
      expect(await inStates('dead')).toEqual([]);
      expect(await inStates()).toEqual([]);
    });

    it('go on behind the last page, whatever has become of its last task', async () => {
      await addTasks(
        store(),
        'job',
        Array.from({ length: 6 }, (_, index) => aNewTask(`task-${index}`, index)),
      );
      const states = ['available'] as const;
      const { next = '' } = await store().listTasks('job', { limit: 2, states });
      await lease(store(), { plugins: ['plugin-job'], limit: 4 });
      expect(ids((await store().listTasks('job', { limit: 5, states, after: next })).items)).toEqual([
        'task-4',
        'task-5',
      ]);
    });

    it('are not found when there is none of that name', async () => {
      expect(await store().findTask('nobody')).toBeUndefined();
      expect(await store().listAttempts('nobody')).toEqual([]);
    });

    it('are copies: who changes what was given out changes nothing', async () => {
      await addTasks(store(), 'job', [aNewTask('task', 0, 2)]);
      const task = await store().findTask('task');
      task?.objects.pop();
      expect((await store().findTask('task'))?.objects).toHaveLength(2);
    });
  });
}
