/** What holds after every step of any life of a job, and what is still there when the store is opened again. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JobStore } from '../../ports/job-store.js';
import { defaultJobPolicy } from '../../words/job.js';
import { aJobSpec, aWorker, builtAt, aNotice } from '../builders.js';
import { anyHistory, History, type Step } from './random-history.js';
import { countsOf, everyPage, everyTask, expectInsight, runningJob, type JobStoreSubject } from './subject.js';

/** Small budgets, so that short histories reach their ends. */
const policy = { ...defaultJobPolicy, maxAttempts: 2, maxLosses: 3 };

export function wholeLivesContract(store: () => JobStore, subject: () => JobStoreSubject): void {
  let jobs = 0;
  const begin = async () => {
    jobs += 1;
    const job = await runningJob(store(), `job-${jobs}`, {
      spec: aJobSpec({ plugin: `plugin-${jobs}`, policy }),
      idempotencyKey: `key-${jobs}`,
    });
    return { id: job.id, history: new History(store(), job) };
  };

  /** Counts, objects and attempts of a job against each other. */
  const expectSound = async (jobId: string) => {
    const [job, tasks] = [await store().findJob(jobId), await everyTask(store(), jobId)];
    expect(job?.counts).toEqual(countsOf(tasks));
    await expectInsight(store(), jobId, tasks);
    const keys = tasks.filter(({ state }) => state !== 'split').flatMap(({ objects }) => objects.map(({ key }) => key));
    expect(keys.length).toBe(job?.objectsListed);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { id, fence, state } of tasks) {
      const attempts = await store().listAttempts(id);
      expect(attempts.map(({ number }) => number)).toEqual(Array.from({ length: fence }, (_, index) => index + 1));
      const running = attempts.filter(({ outcome }) => outcome === 'running').map(({ number }) => number);
      expect(running).toEqual(state === 'leased' || state === 'accepted' ? [fence] : []);
    }
  };

  describe('through any life of a job', () => {
    it('totals, objects and attempts stay right with every step', async () => {
      const life = async (steps: Step[]) => {
        const { id, history } = await begin();
        for (const step of steps) {
          await history.take(step);
          await expectSound(id);
        }
      };
      await fc.assert(fc.asyncProperty(anyHistory, life), { numRuns: 25 });
    });

    it('what happens to one job is no matter of another', async () => {
      const lives = [await begin(), await begin(), await begin()];
      const [steps = []] = fc.sample(anyHistory, { numRuns: 1, seed: 1 });
      for (const step of steps) await Promise.all(lives.map(({ history }) => history.take(step)));
      const [first, ...others] = await Promise.all(lives.map(({ id }) => store().findJob(id)));
      for (const other of others) expect(other?.counts).toEqual(first?.counts);
    });
  });

  describe('a store that is opened again', () => {
    const everything = async () => {
      const listed = await everyPage((request) => store().listJobs(request));
      const tasks = (await Promise.all(listed.map(({ id }) => everyTask(store(), id)))).flat();
      return {
        listed,
        running: await store().jobsIn(['running']),
        tasks,
        attempts: await Promise.all(tasks.map(({ id }) => store().listAttempts(id))),
        held: await store().heldTasks(),
        workers: await store().listWorkers(),
        due: await store().outbox.due(builtAt * 2, 500),
      };
    };

    it('holds everything it held, and goes on from there', async () => {
      const { reopen } = subject();
      if (!reopen) return;
      const lives = [await begin(), await begin()];
      for (const { id, history } of lives) {
        for (const step of fc.sample(anyHistory, { numRuns: 3, seed: 3 }).flat()) await history.take(step);
        await store().claimOutputs(id, [{ name: 'out/x', objectKey: 'in/x' }]);
        const notices = ['sent', 'failed', 'new'].map((what) => aNotice(`${id}-${what}`));
        await store().changeJob(id, (job) => ({ job, tell: () => notices }));
        await store().outbox.settle(`${id}-sent`, { sentAt: builtAt });
        await store().outbox.settle(`${id}-failed`, { failures: 1, dueAt: builtAt + 1, reason: 'Nobody is there.' });
        await store().saveWorker(aWorker({ id: `worker-of-${id}` }));
      }
      const before = await everything();

      subject().store = await reopen();

      expect(await everything()).toEqual(before);
      for (const { id } of lives) {
        const idempotencyKey = id.replace('job', 'key');
        const again = { id: 'new', spec: aJobSpec(), createdAt: builtAt, idempotencyKey };
        expect(await store().createJob(again)).toMatchObject({ id });
        expect(await store().hasClaims(id)).toBe(true);
        expect(await store().claimOutputs(id, [{ name: 'out/x', objectKey: 'other' }])).toMatchObject([
          { owner: 'in/x' },
        ]);
        await store().changeJob(id, (job) => ({ job, tell: () => [aNotice(`${id}-sent`)] }));
        const [job] = (await store().jobsIn(['running'])).filter((found) => found.id === id);
        if (!job) throw new Error(`Job ${id} is gone`);
        const history = new History(store(), { ...job, createdAt: builtAt * 3 });
        for (const what of ['lease', 'accept', 'publish', 'fail'] as const) await history.take({ what, which: 0 });
        await expectSound(id);
      }
      expect((await everything()).due).toEqual(before.due);
    });
  });
}
