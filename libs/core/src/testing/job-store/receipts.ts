/** Stored answers: kept with their effect or not at all, and only once. */
import { describe, expect, it } from '@jest/globals';
import type { JobStore } from '../../ports/job-store.js';
import type { Receipt } from '../../words/receipt.js';
import { aNewTask, aWorker, builtAt } from '../builders.js';
import { addTasks, runningJob } from './subject.js';

export function receiptsContract(store: () => JobStore): void {
  const receipt = (requestId: string, at = builtAt): Receipt => ({
    requestId,
    at,
    answer: { body: { message: requestId } },
  });
  const repeated = expect.objectContaining({ code: 'request-repeated' });

  describe('the answer of a request', () => {
    it('is not there before it was given', async () => {
      expect(await store().findReceipt('never')).toBeUndefined();
    });

    it('is kept with the change of a task, of a job, and of a worker', async () => {
      await runningJob(store(), 'job');
      await addTasks(store(), 'job', [aNewTask('task', 0)]);
      await store().changeTask('task', (task) => ({ task, receipt: receipt('for the task') }), builtAt);
      await store().changeJob('job', (job) => ({ job, receipt: receipt('for the job') }));
      await store().saveWorker(aWorker(), receipt('for the worker'));
      for (const id of ['for the task', 'for the job', 'for the worker']) {
        expect(await store().findReceipt(id)).toEqual(receipt(id));
      }
    });

    it('is kept when it was an error', async () => {
      const refused = { ...receipt('refused'), answer: { refusal: { code: 'output-missing', message: 'No.' } } };
      await store().saveWorker(aWorker(), refused);
      expect(await store().findReceipt('refused')).toEqual(refused);
    });

    it('keeps the same request from having a second effect', async () => {
      await runningJob(store(), 'job');
      await addTasks(store(), 'job', [aNewTask('task', 0)]);
      await store().saveWorker(aWorker(), receipt('once'));
      const late = store().changeTask(
        'task',
        (task) => ({ task: { ...task, losses: 1 }, receipt: receipt('once') }),
        builtAt,
      );
      await expect(late).rejects.toEqual(repeated);
      await expect(
        store().changeJob('job', (job) => ({ job: { ...job, objectsListed: 9 }, receipt: receipt('once') })),
      ).rejects.toEqual(repeated);
      await expect(store().saveWorker(aWorker({ id: 'other' }), receipt('once'))).rejects.toEqual(repeated);
      expect(await store().findTask('task')).toMatchObject({ losses: 0 });
      expect(await store().findJob('job')).toMatchObject({ objectsListed: 1 });
      expect(await store().findWorker('other')).toBeUndefined();
    });

    it('is given to one of two that ask at the same time', async () => {
      const both = ['a', 'b'].map((id) => store().saveWorker(aWorker({ id }), receipt('raced')));
      const results = await Promise.allSettled(both);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    it('is not kept when the change was refused', async () => {
      await runningJob(store(), 'job');
      const refusal = new Error('no');
      const refused = store().changeJob('job', () => {
        throw refusal;
      });
      await expect(refused).rejects.toBe(refusal);
      await expect(
        store().changeTask('nobody', (task) => ({ task, receipt: receipt('lost') }), builtAt),
      ).rejects.toThrow();
      expect(await store().findReceipt('lost')).toBeUndefined();
    });

    it('is forgotten once it is old, a few at a time', async () => {
      for (const [index, id] of ['one', 'two', 'three', 'new'].entries()) {
        await store().saveWorker(aWorker(), receipt(id, builtAt + index));
      }
      expect(await store().forgetReceipts(builtAt + 3, 2)).toBe(2);
      expect(await store().forgetReceipts(builtAt + 3, 2)).toBe(1);
      expect(await store().forgetReceipts(builtAt + 3, 2)).toBe(0);
      expect(await store().findReceipt('new')).toEqual(receipt('new', builtAt + 3));
    });
  });
}
