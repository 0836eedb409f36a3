/** Hastening: delays end, and nothing else changes. */
import { describe, expect, it } from '@jest/globals';
import type { JobStore } from '../../ports/job-store.js';
import type { Receipt } from '../../words/receipt.js';
import { aJobSpec, aNewTask, builtAt } from '../builders.js';
import { addTasks, ids, lease, runningJob } from './subject.js';

export function hasteningContract(store: () => JobStore): void {
  const plugins = ['echo'];
  const later = builtAt + 60_000;
  const waiting = async (job: string, tasks: number) => {
    await runningJob(store(), job, { spec: aJobSpec({ plugin: 'echo' }) });
    const names = Array.from({ length: tasks }, (_, index) => aNewTask(`${job}-${index}`, index));
    await addTasks(store(), job, names);
    await store().changeTasks(ids(names), (task) => ({ task: { ...task, availableAt: later } }), builtAt);
  };

  describe('hastening', () => {
    it('makes the tasks of one job that wait available now, and says how many they were', async () => {
      await waiting('job', 3);
      await waiting('other', 1);
      const [first] = (await store().listTasks('job', { limit: 1 })).items;
      expect(await lease(store(), { plugins, limit: 9 })).toEqual([]);
      expect(await store().hastenTasks('job', { now: builtAt + 1 })).toBe(3);
      expect(await store().findTask('job-0')).toEqual({ ...first, availableAt: builtAt + 1 });
      expect(ids(await lease(store(), { plugins, limit: 9, now: builtAt + 1 }))).toEqual(['job-0', 'job-1', 'job-2']);
    });

    it('can be of one task alone', async () => {
      await waiting('job', 2);
      expect(await store().hastenTasks('job', { now: builtAt, taskId: 'job-1' })).toBe(1);
      expect(ids(await lease(store(), { plugins, limit: 9 }))).toEqual(['job-1']);
    });

    it('leaves alone what does not wait, what is held, and what is of another job', async () => {
      await waiting('job', 1);
      await store().hastenTasks('job', { now: builtAt });
      expect(await store().hastenTasks('job', { now: builtAt })).toBe(0);
      expect(await store().hastenTasks('other', { now: builtAt - 1, taskId: 'job-0' })).toBe(0);
      await lease(store(), { plugins });
      expect(await store().hastenTasks('job', { now: builtAt - 1 })).toBe(0);
    });

    it('stores the answer with it, and is done once', async () => {
      await waiting('job', 2);
      const receipt = (tasks: number): Receipt => ({ requestId: 'hasten', at: builtAt, answer: { body: { tasks } } });
      await store().hastenTasks('job', { now: builtAt, taskId: 'job-0', receipt });
      expect(await store().findReceipt('hasten')).toEqual(receipt(1));
      await expect(store().hastenTasks('job', { now: builtAt, receipt })).rejects.toMatchObject({
        code: 'request-repeated',
      });
      expect(await store().findTask('job-1')).toMatchObject({ availableAt: later });
    });
  });
}
