import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Assignment, HeartbeatAnswer, TaskAnswer, AttemptAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('a task that takes far longer than the others', () => {
  let orchestrator: OrchestratorOnFakes;
  let slow: string;
  let quick: string;
  let held: Assignment;

  /** Lets time pass while a worker keeps its lease. */
  const passWhileWorking = async (seconds: number) => {
    for (let passed = 0; passed < seconds; passed += 4) {
      await orchestrator.clock.advance(4_000);
      const { assignment_id, fence } = held;
      await orchestrator.post(`/heartbeat/${slow}`, { assignments: [{ assignment_id, fence }] });
    }
  };
  const ask = async (worker: string) =>
    (await orchestrator.get<{ assignment: Assignment | null }>(`/assignment/${worker}`)).body.assignment;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
    [slow, quick] = [await orchestrator.register(), await orchestrator.register()];
    orchestrator.putImages('a', 'b');
    await orchestrator.submit({ batching: { maxObjects: 1 } });
    held = await orchestrator.assignment(slow);
    await orchestrator.acknowledge(slow, held);
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  it('is run a second time when nothing else is available, and the fence decides', async () => {
    await orchestrator.finish(quick, await orchestrator.assignment(quick));
    expect(await ask(quick)).toBeNull();
    await passWhileWorking(32);
    const second = await orchestrator.assignment(quick);
    expect(second).toMatchObject({ task_id: held.task_id, fence: 2 });

    const manifest = await orchestrator.manifest(held);
    expect(await orchestrator.report(slow, 'completed', held, { manifest })).toMatchObject({ status: 409 });
    const { assignment_id, fence } = held;
    const { body } = await orchestrator.post<HeartbeatAnswer>(`/heartbeat/${slow}`, {
      assignments: [{ assignment_id, fence }],
    });
    expect(body.orders).toEqual([{ assignment_id, order: 'cancel' }]);

    await orchestrator.finish(quick, second);
    await orchestrator.jobWhen(held.job_id, ({ state }) => state === 'completed');
    const task = await orchestrator.get<TaskAnswer & { attempts: AttemptAnswer[] }>(`/api/v1/tasks/${held.task_id}`);
    expect(task.body).toMatchObject({ losses: 0, failed_attempts: 0 });
    expect(task.body.attempts.map(({ outcome }) => outcome)).toEqual(['overtaken', 'completed']);
  });

  it('is never given to a worker of another plugin, whoever asked before it', async () => {
    await orchestrator.finish(quick, await orchestrator.assignment(quick));
    await passWhileWorking(32);
    const registered = await orchestrator.post<{ worker_id: string }>('/register', {
      hostname: 'here',
      plugin: 'quite-another',
    });
    const stranger = registered.body.worker_id;
    expect(await ask(stranger)).toBeNull();
    expect((await orchestrator.assignment(quick)).task_id).toBe(held.task_id);
    expect(await ask(stranger)).toBeNull();
  });

  it('is left alone while there is something else to do', async () => {
    orchestrator.putImages('c');
    await orchestrator.finish(quick, await orchestrator.assignment(quick));
    await passWhileWorking(32);
    await orchestrator.submit({ input: 's3://images/in/', output: 's3://results/again/' });
    expect((await orchestrator.assignment(quick)).job_id).not.toBe(held.job_id);
  });

  it('is never given to the worker that is slow with it', async () => {
    await orchestrator.finish(quick, await orchestrator.assignment(quick));
    await passWhileWorking(40);
    expect(
      (await orchestrator.get<{ assignments: Assignment[] }>(`/assignment/${slow}?max=4`)).body.assignments,
    ).toEqual([]);
  });
});
