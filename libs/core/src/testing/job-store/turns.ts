/** Turns: several changes, each for itself, and a lease, all in one transaction. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { acceptManifest, completeTask, grantLease, heldLease } from '../../lifecycle/lease-rules.js';
import type { JobStore } from '../../ports/job-store.js';
import type { TaskChange } from '../../ports/store-exchange.js';
import type { TurnOutcome, WorkerTurn } from '../../ports/worker-turn.js';
import type { Receipt } from '../../words/receipt.js';
import type { Task } from '../../words/task.js';
import type { Worker } from '../../words/worker.js';
import { aJobSpec, aManifest, aNewTask, builtAt } from '../builders.js';
import { addTasks, countsOf, everyTask, ids, lease, runningJob } from './subject.js';

const worker: Worker = {
  id: 'ann',
  hostname: 'here',
  capabilities: [],
  slots: 4,
  state: 'idle',
  registeredAt: builtAt,
  lastSeenAt: builtAt,
};
const plugins = ['echo'];
const later = builtAt + 1_000;

export function turnsContract(store: () => JobStore): void {
  const accept = (task: Task): TaskChange => {
    heldLease(task, 'ann', 1);
    const manifest = aManifest(task);
    const { exitCode, durationMs } = manifest;
    return { task: acceptManifest(task, 'ann', 1, manifest), attempt: { outcome: 'running', exitCode, durationMs } };
  };
  const complete = (task: Task): TaskChange => ({
    task: completeTask(task, later),
    attempt: { outcome: 'completed' },
  });
  const wish = (limit: number): WorkerTurn['lease'] => ({
    query: { plugins, limit },
    grant: (task) => grantLease(task, { assignmentId: `${task.id}.1`, workerId: 'ann', now: later, leaseMs: 30_000 }),
  });
  const turn = (changes: Partial<WorkerTurn> = {}): Promise<TurnOutcome> =>
    store().takeTurn({ workerId: 'ann', now: later, changes: [], ...changes });
  const on = (taskId: string, decide: WorkerTurn['changes'][number]['decide']) => ({ taskId, decide });
  const codes = ({ changed }: TurnOutcome) => changed.map((one) => ('code' in one ? one.code : one.state));

  describe('a turn of a worker', () => {
    beforeEach(async () => {
      await store().saveWorker(worker);
      await runningJob(store(), 'job', { spec: aJobSpec({ plugin: 'echo' }) });
      await addTasks(
        store(),
        'job',
        [0, 1, 2, 3].map((position) => aNewTask(`task-${position}`, position)),
      );
      await lease(store(), { plugins, workerId: 'ann', limit: 2 });
    });

    it('carries out each change for itself, in order: what is refused undoes nothing else', async () => {
      const outcome = await turn({
        changes: [on('task-2', accept), on('task-0', accept), on('nobody', accept), on('task-0', complete)],
      });
      expect(codes(outcome)).toEqual(['stale-fence', 'accepted', 'task-not-found', 'completed']);
      const tasks = await everyTask(store(), 'job');
      expect(tasks.map(({ state }) => state)).toEqual(['completed', 'leased', 'available', 'available']);
      expect((await store().findJob('job'))?.counts).toEqual(countsOf(tasks));
      expect(await store().listAttempts('task-0')).toEqual([
        expect.objectContaining({ outcome: 'completed', exitCode: 0, endedAt: later, startedAt: builtAt }),
      ]);
      expect(await store().listAttempts('task-2')).toEqual([]);
    });

    it('gives again what is asked for, and leases the rest of what is wanted, with their jobs', async () => {
      const again = (task: Task) => task.state === 'leased';
      const { given } = await turn({ changes: [on('task-0', accept)], again, lease: wish(2) });
      expect(given.map(({ task, job }) => [task.id, task.fence, job.id])).toEqual([
        ['task-1', 1, 'job'],
        ['task-2', 1, 'job'],
      ]);
      expect(await store().findTask('task-2')).toMatchObject({ state: 'leased', lease: { workerId: 'ann' } });
      expect(await store().findTask('task-3')).toMatchObject({ state: 'available' });
    });

    it('gives no more than was wanted, of what is given again as well', async () => {
      expect((await turn({ again: () => true, lease: wish(1) })).given.map(({ task }) => task.id)).toEqual(['task-0']);
      expect((await turn({ lease: wish(9) })).given).toHaveLength(2);
      expect((await turn({ lease: wish(9) })).given).toEqual([]);
      expect((await turn({ again: () => true })).given).toEqual([]);
    });

    it('leases nothing new to a worker that is to get no more, and gives again what it has', async () => {
      await store().changeWorker('ann', (found) => ({ ...found, draining: true }));
      const only = { ...wish(4)!, unless: ({ draining }: Worker) => draining === true };
      const { given } = await turn({ again: () => true, lease: only });
      expect(given.map(({ task }) => task.id)).toEqual(['task-0', 'task-1']);
    });

    it('stores what becomes of the worker, who may stay as it is', async () => {
      const outcome = await turn({
        lease: wish(1),
        worker: (found, given) => ({ ...found, state: 'processing', slots: given.length }),
      });
      expect(outcome.worker).toMatchObject({ state: 'processing', slots: 1 });
      expect(await store().findWorker('ann')).toEqual(outcome.worker);
      expect((await turn({ worker: () => undefined })).worker).toEqual(outcome.worker);
    });

    it('is stored with its answer, and changes nothing the second time', async () => {
      const settled = ({ changed, given }: TurnOutcome): Receipt => ({
        requestId: 'ann turn 1',
        at: later,
        answer: { body: { changed: changed.length, given: given.map(({ task }) => task.id) } },
      });
      const request = { requestId: 'ann turn 1', settled, changes: [on('task-0', accept)], lease: wish(1) };
      await turn(request);
      const answer = { body: { changed: 1, given: ['task-2'] } };
      expect(await store().findReceipt('ann turn 1')).toMatchObject({ answer });
      await expect(turn(request)).rejects.toMatchObject({ code: 'request-repeated' });
      expect(ids(await store().heldTasks('ann')).sort()).toEqual(['task-0', 'task-1', 'task-2']);
    });

    it('is refused to a worker that nobody knows', async () => {
      const stranger = turn({ workerId: 'bob', changes: [on('task-0', accept)], lease: wish(1) });
      await expect(stranger).rejects.toMatchObject({ code: 'worker-unknown' });
      expect(await store().findTask('task-0')).toMatchObject({ state: 'leased' });
    });

    it('never gives one task to two, however many take turns at the same time', async () => {
      const outcomes = await Promise.all(Array.from({ length: 6 }, () => turn({ lease: wish(1) })));
      const given = outcomes.flatMap((outcome) => outcome.given.map(({ task }) => task.id));
      expect(given.sort()).toEqual(['task-2', 'task-3']);
    });
  });

  describe('the next time at which a task may be leased', () => {
    it('is of the first that waits, in a running job of the plugins', async () => {
      await runningJob(store(), 'job', { spec: aJobSpec({ plugin: 'echo' }) });
      await addTasks(store(), 'job', [aNewTask('soon', 0), aNewTask('late', 1), aNewTask('now', 2)]);
      const waits = (id: string, availableAt: number) =>
        store().changeTask(id, (task) => ({ task: { ...task, availableAt } }), builtAt);
      expect(await store().nextAvailableAt(plugins, builtAt)).toBeUndefined();
      await waits('late', builtAt + 900);
      await waits('soon', builtAt + 500);
      expect(await store().nextAvailableAt(plugins, builtAt)).toBe(builtAt + 500);
      expect(await store().nextAvailableAt(plugins, builtAt + 500)).toBe(builtAt + 900);
      expect(await store().nextAvailableAt(['other'], builtAt)).toBeUndefined();
      await store().changeJob('job', (job) => ({ job: { ...job, state: 'paused' } }));
      expect(await store().nextAvailableAt(plugins, builtAt)).toBeUndefined();
    });
  });
}
