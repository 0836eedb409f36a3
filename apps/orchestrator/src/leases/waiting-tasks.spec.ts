import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Assignment, AttemptAnswer, HeartbeatAnswer, TaskAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('a task that a worker has taken ahead', () => {
  let orchestrator: OrchestratorOnFakes;
  let busy: string;
  let runs: Assignment;
  let waits: Assignment;

  const ask = async (worker: string) =>
    (await orchestrator.get<{ assignment: Assignment | null }>(`/assignment/${worker}?max=1`)).body.assignment;
  const taskOf = async ({ task_id }: Assignment) =>
    (await orchestrator.get<TaskAnswer & { attempts: AttemptAnswer[] }>(`/api/v1/tasks/${task_id}`)).body;
  const pass = async (seconds: number) => {
    for (let passed = 0; passed < seconds; passed += 4) {
      await orchestrator.clock.advance(4_000);
      const assignments = [runs, waits].map(({ assignment_id, fence }) => ({ assignment_id, fence }));
      await orchestrator.post(`/heartbeat/${busy}`, { assignments });
    }
  };

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
    busy = await orchestrator.register();
    orchestrator.putImages('a', 'b');
    await orchestrator.submit({ batching: { maxObjects: 1 } });
    runs = await orchestrator.assignment(busy);
    await orchestrator.acknowledge(busy, runs);
    waits = (await ask(busy))!;
    expect(await orchestrator.report(busy, 'waiting', waits)).toMatchObject({ status: 200 });
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  it('is given to a worker that has nothing to do, at no cost, and the first one hears that it has it no more', async () => {
    const idle = await orchestrator.register();
    expect(await ask(idle)).toBeNull();
    await pass(4);
    const moved = (await ask(idle))!;
    expect(moved).toMatchObject({ task_id: waits.task_id, fence: 2 });
    expect(await orchestrator.report(busy, 'processing', waits)).toMatchObject({ status: 409 });
    const { assignment_id, fence } = waits;
    const { body } = await orchestrator.post<HeartbeatAnswer>(`/heartbeat/${busy}`, {
      assignments: [{ assignment_id, fence }],
    });
    expect(body.orders).toEqual([{ assignment_id, order: 'cancel' }]);
    await orchestrator.finish(idle, moved);
    await orchestrator.finish(busy, runs);
    await orchestrator.jobWhen(waits.job_id, ({ state }) => state === 'completed');
    const task = await taskOf(waits);
    expect(task).toMatchObject({ losses: 0, failed_attempts: 0 });
    expect(task.attempts.map(({ outcome }) => outcome)).toEqual(['overtaken', 'completed']);
  });

  it('is not moved to a worker that would let it wait as well, nor once it has begun', async () => {
    const other = await orchestrator.register();
    await orchestrator.submit({ batching: { maxObjects: 10 } });
    const own = (await ask(other))!;
    expect(own.job_id).not.toBe(waits.job_id);
    await orchestrator.acknowledge(other, own);
    await pass(4);
    expect(await ask(other)).toBeNull();
    expect(await orchestrator.report(busy, 'processing', waits)).toMatchObject({ status: 200 });
    await orchestrator.finish(other, own);
    expect(await ask(other)).toBeNull();
    expect((await taskOf(waits)).fence).toBe(1);
  });

  it('is handed back at no cost, and is not late however long it waits', async () => {
    await pass(600);
    expect((await taskOf(waits)).state).toBe('leased');
    expect(await orchestrator.report(busy, 'released', waits, { reason: 'it drains' })).toMatchObject({ status: 200 });
    const task = await taskOf(waits);
    expect(task).toMatchObject({ state: 'available', losses: 0, failed_attempts: 0 });
    expect(task.attempts.map(({ outcome }) => outcome)).toEqual(['released']);
  });

  it('A4: is not given again to the worker that it was taken back from, by a request that waits since before', async () => {
    const { url } = orchestrator;
    const waiting = fetch(`${url}/assignment/${busy}?max=1&wait=60`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const other = await orchestrator.register();
    // Nobody renews any more.
    for (let second = 0; second < 12; second += 1) await orchestrator.clock.advance(1_000);
    const answer = (await (await waiting).json()) as { assignments: Assignment[] };
    expect(answer.assignments).toEqual([]);
    expect((await ask(other))?.fence).toBe(2);
  });
});
