/** What monitoring asks every few seconds. */
import { describe, expect, it } from '@jest/globals';
import type { JobStore } from '../../ports/job-store.js';
import { aNotice, aNewTask, aWorker, builtAt } from '../builders.js';
import { addTasks, lease, runningJob } from './subject.js';

export function vitalSignsContract(store: () => JobStore): void {
  describe('the vital signs', () => {
    it('are of nothing where nothing is', async () => {
      const signs = await store().insight.vitalSigns();
      expect(signs).toEqual({
        waitingTasks: 0,
        scans: { running: 0, objectsListed: 0 },
        workers: [],
        outbox: { waiting: 0, failing: 0 },
      });
    });

    it('count the waiting tasks of running jobs, and the listings under way', async () => {
      for (const id of ['runs', 'paused', 'listed']) {
        await runningJob(store(), id);
        await addTasks(store(), id, [aNewTask(`${id}-a`, 0), aNewTask(`${id}-b`, 1)]);
      }
      await store().changeJob('paused', (job) => ({ job: { ...job, state: 'paused', scan: 'running' } }));
      await store().changeJob('listed', (job) => ({ job: { ...job, scan: 'done' } }));
      await store().changeJob('runs', (job) => ({ job: { ...job, scan: 'running', objectsListed: 40 } }));
      await lease(store(), { plugins: ['plugin-runs'], limit: 1 });
      expect(await store().insight.vitalSigns()).toMatchObject({
        waitingTasks: 3,
        scans: { running: 1, objectsListed: 40 },
      });
    });

    it('count workers and their slots by state, and name the smallest room that is left', async () => {
      await store().saveWorker(aWorker({ id: 'a', slots: 2, stats: { diskFreeBytes: 900 } }));
      await store().saveWorker(aWorker({ id: 'b', slots: 3, stats: { diskFreeBytes: 700, cpu: 0.5 } }));
      await store().saveWorker(aWorker({ id: 'c', slots: 4, state: 'processing' }));
      const { workers } = await store().insight.vitalSigns();
      expect([...workers].sort((one, other) => one.count - other.count)).toEqual([
        { state: 'processing', count: 1, slots: 4 },
        { state: 'idle', count: 2, slots: 5, diskFreeBytes: 700 },
      ]);
    });

    it('count what the outbox has not sent, and what has failed of it', async () => {
      await runningJob(store(), 'job');
      await store().changeJob('job', (job) => ({ job, tell: () => ['a', 'b', 'c'].map((id) => aNotice(id)) }));
      await store().outbox.settle('a', { sentAt: builtAt });
      await store().outbox.settle('b', { failures: 2, dueAt: builtAt + 9, reason: 'Nobody is there.' });
      expect(await store().insight.vitalSigns()).toMatchObject({ outbox: { waiting: 2, failing: 1 } });
    });
  });
}
