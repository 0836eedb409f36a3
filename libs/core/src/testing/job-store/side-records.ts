/** Owners of outputs, and workers. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { LongshoreError } from '../../errors/index.js';
import type { JobStore } from '../../ports/job-store.js';
import { aWorker, builtAt } from '../builders.js';
import { ids, runningJob } from './subject.js';

export function sideRecordsContract(store: () => JobStore): void {
  describe('claims of outputs', () => {
    beforeEach(async () => {
      await runningJob(store(), 'job');
      await runningJob(store(), 'other');
    });

    it('are won by who comes first, and the loser is told who that was', async () => {
      expect(await store().claimOutputs('job', [{ name: 'out/x', objectKey: 'a' }])).toEqual([]);
      const lost = await store().claimOutputs('job', [
        { name: 'out/x', objectKey: 'b' },
        { name: 'out/y', objectKey: 'b' },
      ]);
      expect(lost).toEqual([{ name: 'out/x', objectKey: 'b', owner: 'a' }]);
      expect(await store().claimOutputs('job', [{ name: 'out/y', objectKey: 'c' }])).toMatchObject([{ owner: 'b' }]);
    });

    it('are won by the first of two that come together', async () => {
      const both = ['a', 'b'].map((objectKey) => ({ name: 'out/x', objectKey }));
      expect(await store().claimOutputs('job', both)).toEqual([{ name: 'out/x', objectKey: 'b', owner: 'a' }]);
    });

    it('are no loss when they are made again', async () => {
      const claim = [{ name: 'out/x', objectKey: 'a' }];
      await store().claimOutputs('job', claim);
      expect(await store().claimOutputs('job', claim)).toEqual([]);
    });

    it('of one name are won by one of many that come at the same time', async () => {
      const claimants = Array.from({ length: 20 }, (_, number) => ({ name: 'out/x', objectKey: `object-${number}` }));
      const lost = await Promise.all(claimants.map((claim) => store().claimOutputs('job', [claim])));
      expect(lost.filter((losses) => losses.length === 0)).toHaveLength(1);
      expect(new Set(lost.flat().map(({ owner }) => owner)).size).toBe(1);
    });

    it('of one job are no matter of another', async () => {
      await store().claimOutputs('job', [{ name: 'out/x', objectKey: 'a' }]);
      expect(await store().claimOutputs('other', [{ name: 'out/x', objectKey: 'b' }])).toEqual([]);
    });

    it('exist for a job once one was made', async () => {
      expect(await store().hasClaims('job')).toBe(false);
      expect(await store().claimOutputs('job', [])).toEqual([]);
      expect(await store().hasClaims('job')).toBe(false);
      await store().claimOutputs('job', [{ name: 'out/x', objectKey: 'a' }]);
      expect([await store().hasClaims('job'), await store().hasClaims('other')]).toEqual([true, false]);
    });

    it('tell names apart byte by byte', async () => {
      const names = ['x', 'X', 'x ', 'nfc-\u00e9', 'nfd-e\u0301', "'", '"', '%', '_'];
      const claims = names.map((name, index) => ({ name, objectKey: String(index) }));
      expect(await store().claimOutputs('job', claims)).toEqual([]);
    });
  });

  describe('workers', () => {
    it('are stored, and stored again with all that is known of them now', async () => {
      const worker = aWorker({ capabilities: ['gpu'], plugin: 'echo', slots: 4 });
      await store().saveWorker(worker);
      expect(await store().findWorker('worker')).toEqual(worker);
      const busy = aWorker({ state: 'processing', lastSeenAt: builtAt + 5 });
      await store().saveWorker(busy);
      expect(await store().findWorker('worker')).toEqual(busy);
      expect(await store().listWorkers()).toEqual([busy]);
    });

    it('are listed newest first, also after the oldest was seen again', async () => {
      for (const id of ['a', 'b', 'c']) await store().saveWorker(aWorker({ id }));
      await store().saveWorker(aWorker({ id: 'a', state: 'processing' }));
      expect(ids(await store().listWorkers())).toEqual(['c', 'b', 'a']);
    });

    it('are as they were after a request was refused that had saved them', async () => {
      for (const id of ['a', 'b', 'c']) await store().saveWorker(aWorker({ id }));
      const before = await store().listWorkers();
      const refusal = new LongshoreError('invalid-request', 'It is refused.');
      const refused = store().takeTurn({
        workerId: 'b',
        now: builtAt,
        changes: [],
        worker: (found) => ({ ...found, state: 'processing' }),
        settled: () => {
          throw refusal;
        },
      });
      await expect(refused).rejects.toBe(refusal);
      expect(await store().findWorker('b')).toEqual(aWorker({ id: 'b' }));
      expect(await store().listWorkers()).toEqual(before);
    });

    it('are not found when there is none', async () => {
      expect(await store().findWorker('nobody')).toBeUndefined();
      expect(await store().listWorkers()).toEqual([]);
    });
  });
}
