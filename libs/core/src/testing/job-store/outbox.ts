/** What waits in the outbox, and what became of it. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JobStore } from '../../ports/job-store.js';
import type { Outbox } from '../../ports/outbox.js';
import { aNewTask, aNotice, builtAt } from '../builders.js';
import { addTasks, everyPage, ids, runningJob } from './subject.js';

export function outboxContract(store: () => JobStore): void {
  describe('the outbox', () => {
    const tell = (...noticeIds: string[]) =>
      store().changeJob('job', (job) => ({ job, tell: () => noticeIds.map((id) => aNotice(id)) }));
    const due = async (now = builtAt, limit = 10) => ids(await store().outbox.due(now, limit));
    const reason = 'Nobody is there.';

    beforeEach(() => runningJob(store(), 'job'));

    it('gives what was put into it at once, unchanged', async () => {
      const odd = aNotice('one', { channel: 'webhook:"ünï" ☃' });
      odd.news.facts.commands = ['It is "over" \u2013 ünï ☃\n'];
      await store().changeJob('job', (job) => ({ job, tell: () => [odd] }));
      const [entry] = await store().outbox.due(builtAt, 10);
      expect(entry).toMatchObject({ ...odd, state: 'waiting', failures: 0 });
      expect(entry?.dueAt).toBeLessThanOrEqual(builtAt);
    });

    it('tells the job as the change has left it, with its dead tasks', async () => {
      const refusal = { failure: { code: 'name-refused', class: 'job', message: 'No.' } } as const;
      await addTasks(store(), 'job', [aNewTask('well', 0), aNewTask('dead', 1, 2, { refusal: refusal.failure })]);
      await store().changeTask(
        'well',
        (task, job) => ({
          task: { ...task, state: 'cancelled' },
          job: { ...job, state: 'paused' },
          tell: (moment) => {
            const { state, counts } = moment.job;
            const named = moment.dead.map((one) => `${one.id} of ${one.objects.length}`);
            const facts = {
              commands: [state, `${counts.objects.dead} dead, ${counts.objects.cancelled} cancelled`, ...named],
            };
            const notice = aNotice('one');
            return [{ ...notice, news: { ...notice.news, facts: { ...notice.news.facts, ...facts } } }];
          },
        }),
        builtAt,
      );
      const [entry] = await store().outbox.due(builtAt, 10);
      expect(entry?.news.facts.commands).toEqual(['paused', '2 dead, 1 cancelled', 'dead of 2']);
    });

    it('gives no more than were asked for, in the order in which they came', async () => {
      await tell('three', 'one', 'two');
      expect(await due(builtAt, 2)).toEqual(['three', 'one']);
    });

    it('holds the same notice once, however often it is put in', async () => {
      await tell('one', 'one');
      await tell('one', 'two');
      expect(await due()).toEqual(['one', 'two']);
    });

    it('gives those of one channel, and those of all channels but some', async () => {
      const notices = ['log', 'mail', 'webhook'].map((channel) => aNotice(`by ${channel}`, { channel }));
      await store().changeJob('job', (job) => ({ job, tell: () => notices }));
      const chosen = async (choice: Parameters<Outbox['due']>[2]) => ids(await store().outbox.due(builtAt, 10, choice));
      expect(await chosen({ of: 'mail' })).toEqual(['by mail']);
      expect(await chosen({ of: 'smoke' })).toEqual([]);
      expect(await chosen({ notOf: ['log', 'mail'] })).toEqual(['by webhook']);
      expect(await chosen({ notOf: [] })).toEqual(ids(notices));
    });

    it('gives nothing of what was sent or given up, and does not take it in again', async () => {
      await tell('one', 'two', 'three');
      await store().outbox.settle('one', { sentAt: builtAt });
      await store().outbox.settle('two', { givenUpAt: builtAt, failures: 1, reason });
      expect(await due()).toEqual(['three']);
      await tell('one', 'two');
      expect(await due()).toEqual(['three']);
    });

    it('keeps back what could not be sent until it is time to try again', async () => {
      await tell('one');
      await store().outbox.settle('one', { failures: 2, dueAt: builtAt + 60_000, reason });
      expect(await due(builtAt + 59_999)).toEqual([]);
      expect(await store().outbox.due(builtAt + 60_000, 10)).toMatchObject([
        { ...aNotice('one'), state: 'waiting', failures: 2, dueAt: builtAt + 60_000, reason },
      ]);
    });

    it('gives again what was given and never settled, for a sender may die', async () => {
      await tell('one');
      expect([await due(), await due()]).toEqual([['one'], ['one']]);
    });

    it('lists everything it holds, newest first, or what is in one state', async () => {
      await tell('a', 'b', 'c', 'd', 'e');
      await store().outbox.settle('a', { failures: 1, dueAt: builtAt + 1, reason });
      await store().outbox.settle('a', { sentAt: builtAt + 5 });
      await store().outbox.settle('c', { givenUpAt: builtAt + 6, failures: 3, reason });
      const listed = await everyPage((page) => store().outbox.list(page), 2);
      expect(ids(listed)).toEqual(['e', 'd', 'c', 'b', 'a']);
      expect(listed[4]).toMatchObject({ state: 'sent', settledAt: builtAt + 5, failures: 1 });
      expect(listed[4]).not.toHaveProperty('reason');
      expect(listed[2]).toMatchObject({ state: 'given-up', settledAt: builtAt + 6, failures: 3, reason });
      const waiting = await everyPage((page) => store().outbox.list({ ...page, state: 'waiting' }), 2);
      expect(ids(waiting)).toEqual(['e', 'd', 'b']);
    });

    it('forgets what was settled long ago, so many at a time, and never what waits', async () => {
      await tell('a', 'b', 'c', 'd');
      await store().outbox.settle('a', { sentAt: builtAt });
      await store().outbox.settle('b', { givenUpAt: builtAt, failures: 1, reason });
      await store().outbox.settle('c', { sentAt: builtAt + 10 });
      expect(await store().outbox.forget(builtAt + 10, 1)).toBe(1);
      expect(await store().outbox.forget(builtAt + 10, 10)).toBe(1);
      expect(await store().outbox.forget(builtAt + 10, 10)).toBe(0);
      expect(ids((await store().outbox.list({ limit: 10 })).items)).toEqual(['d', 'c']);
    });
  });
}
