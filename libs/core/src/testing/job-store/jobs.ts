/** Jobs: created once, listed newest first, changed whole or not at all. */
import { describe, expect, it } from '@jest/globals';
import type { JobStore } from '../../ports/job-store.js';
import { aJob, aJobSpec, builtAt, aNotice } from '../builders.js';
import { everyPage, ids, runningJob } from './subject.js';

export function jobsContract(store: () => JobStore): void {
  const create = (id: string, idempotencyKey?: string) =>
    store().createJob({
      id,
      spec: aJobSpec({ plugin: `plugin-${id}` }),
      createdAt: builtAt,
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    });

  describe('a job', () => {
    it('begins pending, with its spec as it was given and nothing listed', async () => {
      const spec = aJobSpec({
        params: { text: 'ünï ☃ \' " \\', nested: { list: [1, null, 'two'] } },
        exclude: ['*.tmp'],
      });
      const created = await store().createJob({ id: 'job', spec, createdAt: builtAt });
      expect(created).toEqual(aJob({ spec }));
      expect(await store().findJob('job')).toEqual(created);
    });

    it('is not found when there is none', async () => {
      expect(await store().findJob('nobody')).toBeUndefined();
    });

    it('is the same one when it is submitted again with its key', async () => {
      const first = await create('first', 'key');
      expect(await create('second', 'key')).toEqual(first);
      expect(await store().findJob('second')).toBeUndefined();
      expect(ids((await store().listJobs({ limit: 10 })).items)).toEqual(['first']);
    });

    it('is as far as it has come when it is submitted again', async () => {
      await runningJob(store(), 'job', { idempotencyKey: 'key' });
      expect(await create('again', 'key')).toMatchObject({ id: 'job', state: 'running' });
    });

    it('is made once, however many submit it with one key at the same time', async () => {
      const created = await Promise.all(Array.from({ length: 20 }, (_, number) => create(`job-${number}`, 'key')));
      expect(new Set(ids(created)).size).toBe(1);
      expect((await store().listJobs({ limit: 10 })).items).toHaveLength(1);
    });

    it('is another one with another key, or with none', async () => {
      const created = [await create('a', 'one'), await create('b', 'two'), await create('c'), await create('d')];
      expect(ids(created)).toEqual(['a', 'b', 'c', 'd']);
    });

    it('is a copy: who changes what was given out changes nothing', async () => {
      const spec = aJobSpec({ params: { size: 1 } });
      const created = await store().createJob({ id: 'job', spec, createdAt: builtAt });
      spec.params.size = 2;
      created.spec.params.size = 3;
      created.counts.tasks.dead = 4;
      expect(await store().findJob('job')).toEqual(aJob({ spec: aJobSpec({ params: { size: 1 } }) }));
    });
  });

  describe('jobs', () => {
    it('are listed newest first, each once, page by page', async () => {
      expect(await store().listJobs({ limit: 3 })).toEqual({ items: [] });
      for (let number = 1; number <= 6; number += 1) await create(`job-${number}`);
      const newestFirst = ['job-6', 'job-5', 'job-4', 'job-3', 'job-2', 'job-1'];
      for (const limit of [1, 2, 3, 4, 6, 500]) {
        const listed = await everyPage((request) => store().listJobs(request), limit);
        expect(ids(listed)).toEqual(newestFirst);
      }
    });

    it('say that there is no next page when the last one is full', async () => {
      for (const id of ['a', 'b', 'c', 'd']) await create(id);
      const first = await store().listJobs({ limit: 2 });
      const second = await store().listJobs({ limit: 2, after: first.next ?? '' });
      expect(first).toHaveProperty('next');
      expect(second).not.toHaveProperty('next');
    });

    it('that come meanwhile do not disturb the next page', async () => {
      for (const id of ['a', 'b', 'c', 'd']) await create(id);
      const first = await store().listJobs({ limit: 2 });
      await create('e');
      expect(ids((await store().listJobs({ limit: 2, after: first.next ?? '' })).items)).toEqual(['b', 'a']);
    });

    it('in some states are given oldest first', async () => {
      for (const id of ['a', 'b', 'c', 'd']) await create(id);
      await runningJob(store(), 'e');
      await store().changeJob('b', (job) => ({ job: { ...job, state: 'running' } }));
      await store().changeJob('c', (job) => ({ job: { ...job, state: 'cancelled', endedAt: builtAt } }));
      expect(ids(await store().jobsIn(['running']))).toEqual(['b', 'e']);
      expect(ids(await store().jobsIn(['running', 'pending']))).toEqual(['a', 'b', 'd', 'e']);
      expect(await store().jobsIn(['failed'])).toEqual([]);
      expect(await store().jobsIn([])).toEqual([]);
    });
  });

  describe('a change of a job', () => {
    const news = aNotice('news');

    it('is stored and given back', async () => {
      await runningJob(store(), 'job');
      const failure = { class: 'config', code: 'no-objects', message: 'There is nothing to do.' } as const;
      const changed = await store().changeJob('job', (job) => ({
        job: { ...job, state: 'failed', failure, startedAt: builtAt + 1, endedAt: builtAt + 2 },
      }));
      expect(changed).toMatchObject({ state: 'failed', failure, startedAt: builtAt + 1, endedAt: builtAt + 2 });
      expect(await store().findJob('job')).toEqual(changed);
    });

    it('can take a fact away', async () => {
      await runningJob(store(), 'job');
      await store().changeJob('job', (job) => ({ job: { ...job, scannedTo: 'in/a', startedAt: builtAt } }));
      await store().changeJob('job', ({ scannedTo: _away, ...job }) => ({ job }));
      const job = await store().findJob('job');
      expect(job).toMatchObject({ startedAt: builtAt });
      expect(job).not.toHaveProperty('scannedTo');
    });

    it('that throws changes nothing and tells nobody', async () => {
      const before = await runningJob(store(), 'job');
      const refusal = new Error('not now');
      const change = store().changeJob('job', (job) => {
        job.state = 'failed';
        job.spec.params.changed = true;
        throw refusal;
      });
      await expect(change).rejects.toBe(refusal);
      expect(await store().findJob('job')).toEqual(before);
      expect(await store().outbox.due(builtAt, 10)).toEqual([]);
    });

    it('puts its notifications into the outbox in the same step', async () => {
      await runningJob(store(), 'job');
      await store().changeJob('job', (job) => ({ job, tell: () => [news] }));
      expect(await store().outbox.due(builtAt, 10)).toMatchObject([news]);
    });

    it('needs a job', async () => {
      const change = store().changeJob('nobody', (job) => ({ job, tell: () => [news] }));
      await expect(change).rejects.toMatchObject({ code: 'job-not-found' });
      expect(await store().outbox.due(builtAt, 10)).toEqual([]);
    });

    it('loses none of many that come at the same time', async () => {
      await runningJob(store(), 'job');
      const listOneMore = () =>
        store().changeJob('job', (job) => ({ job: { ...job, objectsListed: job.objectsListed + 1 } }));
      await Promise.all(Array.from({ length: 30 }, listOneMore));
      expect(await store().findJob('job')).toMatchObject({ objectsListed: 30 });
    });
  });
}
