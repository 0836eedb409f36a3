/** What single features remember of themselves. */
import { describe, expect, it } from '@jest/globals';
import type { JobStore } from '../../ports/job-store.js';
import { aNotice, builtAt } from '../builders.js';
import { ids, type JobStoreSubject } from './subject.js';

export function recordsContract(store: () => JobStore, subject: () => JobStoreSubject): void {
  describe('records', () => {
    const record = { phase: 'working', since: builtAt, deep: { list: [1, 'two', null] }, odd: 'ünï "☃"\n' };

    it('are not there before something was stored', async () => {
      expect(await store().findRecord('one')).toBeUndefined();
    });

    it('are kept as they were given, each under its name', async () => {
      expect(await store().changeRecord('one', () => ({ record }))).toEqual(record);
      await store().changeRecord('other', () => ({ record: { count: 1 } }));
      expect(await store().findRecord('one')).toEqual(record);
      expect(await store().findRecord('other')).toEqual({ count: 1 });
      const { reopen } = subject();
      if (reopen) subject().store = await reopen();
      expect(await store().findRecord('one')).toEqual(record);
    });

    it('are made anew from what was there', async () => {
      const count = () =>
        store().changeRecord('one', (found) => ({ record: { count: Number(found?.count ?? 0) + 1 } }));
      await Promise.all(Array.from({ length: 20 }, count));
      expect(await store().findRecord('one')).toEqual({ count: 20 });
    });

    it('are changed together with the outbox, or not at all', async () => {
      const news = aNotice('one');
      await store().changeRecord('one', () => ({ record, notices: [news] }));
      await store().changeRecord('one', () => ({ record, notices: [news] }));
      expect(ids(await store().outbox.due(builtAt, 10))).toEqual(['one']);
      const failing = store().changeRecord('one', () => {
        throw new Error('undecided');
      });
      await expect(failing).rejects.toThrow('undecided');
      expect(await store().findRecord('one')).toEqual(record);
    });
  });
}
