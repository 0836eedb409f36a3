import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { aPlugin } from '@longshore/core/testing';
import type { AssignmentAnswer, TurnAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { until } from '../testing/until.js';
import { WaitingRoom } from './waiting-room.js';

describe('workers that wait for work', () => {
  let orchestrator: OrchestratorOnFakes;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start({}, [aPlugin(), aPlugin({}, { name: 'other' })]);
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const register = async (plugin = 'echo') => {
    const { body } = await orchestrator.post<{ worker_id: string }>('/register', { hostname: 'here', plugin });
    return body.worker_id;
  };
  const nothing: TurnAnswer = { verdicts: [], orders: [], assignments: [] };
  /** Who still waits when the orchestrator is stopped gets nothing. */
  const waitFor = (worker: string): Promise<TurnAnswer> =>
    orchestrator.post<TurnAnswer>(`/turn/${worker}`, { max: 1, wait: 60 }).then(
      ({ body }) => body,
      () => nothing,
    );
  /** All of them ask, have found nothing, and sleep. */
  const asleep = async (workers: readonly string[]) => {
    const looks = jest.spyOn(orchestrator.store, 'takeTurn');
    const waits = jest.spyOn(WaitingRoom.prototype, 'wait').mockClear();
    const waiting = workers.map(waitFor);
    await until(() => waits.mock.calls.length === workers.length, 'all asleep');
    looks.mockClear();
    return { waiting, looks };
  };
  const submit = (...names: string[]) => {
    orchestrator.putImages(...names);
    return orchestrator.submit({ batching: { maxObjects: 1 }, policy: { retryDelaySeconds: 30, maxAttempts: 5 } });
  };

  it('are woken by a task that is stored, as many as there are tasks, and the others sleep on', async () => {
    const workers = await Promise.all(Array.from({ length: 30 }, () => register()));
    const { waiting, looks } = await asleep(workers);
    await submit('a', 'b');
    const given: TurnAnswer[] = [];
    for (const one of waiting) void one.then((answer) => given.push(answer));
    await until(() => given.length >= 2, 'two are given a task');
    expect(given.map(({ assignments }) => assignments.length)).toEqual([1, 1]);
    // Each task woke one, and the listing, which does not say how many there are, those that the first to find something wakes.
    expect(looks.mock.calls.length).toBeLessThan(12);
  });

  it('are all woken where there is work for all', async () => {
    const workers = await Promise.all(Array.from({ length: 12 }, () => register()));
    const { waiting } = await asleep(workers);
    await submit(...Array.from({ length: 12 }, (_, index) => `image-${index}`));
    const given = (await Promise.all(waiting)).flatMap(({ assignments }) => assignments.map(({ task_id }) => task_id));
    expect(new Set(given).size).toBe(12);
  });

  it('are not woken for what they cannot do', async () => {
    const [other] = [await register('other')];
    const { waiting, looks } = await asleep([other]);
    await submit('a');
    await orchestrator.clock.advance(60_000);
    expect((await waiting[0]!).assignments).toEqual([]);
    expect(looks.mock.calls.length).toBeLessThan(6);
  });

  it('are woken when the delay of the first try that failed is over, and not before', async () => {
    const [worker, other] = [await register(), await register()];
    await submit('a');
    const [held] = (await waitFor(worker)).assignments;
    const failed = { error: 'It broke.', code: 'command-failed' };
    await orchestrator.report(worker, 'failed', held!, failed);
    const { waiting, looks } = await asleep([other]);
    const { available_at } = await availableAt(held!.task_id);
    const left = Date.parse(available_at) - orchestrator.clock.now();
    await orchestrator.clock.advance(left - 1);
    expect(looks).not.toHaveBeenCalled();
    await orchestrator.clock.advance(1);
    expect((await waiting[0]!).assignments).toMatchObject([{ task_id: held!.task_id, fence: 2 }]);
  });

  it('are woken by a task that is given back, that is retried by a person, and by a job that is resumed', async () => {
    const [worker, other] = [await register(), await register()];
    const job = await submit('a');
    const [held] = (await waitFor(worker)).assignments;
    const given = await asleep([other]);
    await orchestrator.report(worker, 'released', held!);
    const [again] = (await given.waiting[0]!).assignments;
    expect(again).toMatchObject({ fence: 2 });

    await orchestrator.report(other, 'failed', again!, { error: 'It broke.', code: 'command-failed' });
    const hastened = await asleep([worker]);
    await orchestrator.post(`/api/v1/jobs/${job.id}/retry`);
    const [third] = (await hastened.waiting[0]!).assignments;
    expect(third).toMatchObject({ fence: 3 });

    await orchestrator.post(`/api/v1/jobs/${job.id}/pause`);
    await orchestrator.report(worker, 'released', third!);
    const paused = await asleep([other]);
    await orchestrator.post(`/api/v1/jobs/${job.id}/resume`);
    expect((await paused.waiting[0]!).assignments).toMatchObject([{ fence: 4 }]);
  });

  it('are woken when they are drained, in either protocol', async () => {
    const [turning, asking] = [await register(), await register()];
    const { waiting } = await asleep([turning]);
    const waits = jest.spyOn(WaitingRoom.prototype, 'wait').mockClear();
    const asked = orchestrator.get<AssignmentAnswer>(`/assignment/${asking}?wait=60&max=1`);
    await until(() => waits.mock.calls.length === 1, 'both asleep');
    for (const worker of [turning, asking]) await orchestrator.post(`/api/v1/workers/${worker}/drain`);
    expect(await waiting[0]!).toMatchObject({ drain: true, shutdown: expect.any(String) });
    expect((await asked).body.assignment).toMatchObject({ shutdown: true });
  });

  async function availableAt(taskId: string): Promise<{ available_at: string }> {
    return (await orchestrator.get<{ available_at: string }>(`/api/v1/tasks/${taskId}`)).body;
  }
});
