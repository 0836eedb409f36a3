import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HeartbeatAnswer, RegisterAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes, type Answer } from '../testing/orchestrator-on-fakes.js';

describe('a request that is sent twice', () => {
  let orchestrator: OrchestratorOnFakes;
  let workerId: string;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
    workerId = await orchestrator.register();
    orchestrator.putImages('a');
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  it('B5: registers one worker', async () => {
    const register = () =>
      orchestrator.post<RegisterAnswer>('/register', { hostname: 'here', plugin: 'echo', request_id: 'one' });
    const [first, second] = [await register(), await register()];
    expect(second.body.worker_id).toBe(first.body.worker_id);
    expect((await orchestrator.get<{ items: unknown[] }>('/api/v1/workers')).body.items.length).toBe(2);
  });

  it('B5: registers one worker when both come at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        orchestrator.post<RegisterAnswer>('/register', { hostname: 'here', plugin: 'echo', request_id: 'raced' }),
      ),
    );
    expect(new Set(answers.map(({ body }) => body.worker_id)).size).toBe(1);
  });

  it('B5: gets the answer of the first, though the task has gone on since', async () => {
    await orchestrator.submit({ policy: { retryDelaySeconds: 0 } });
    const assignment = await orchestrator.assignment(workerId);
    const { assignment_id, fence } = assignment;
    const fail = () =>
      orchestrator.post(`/status/${workerId}`, {
        status: 'failed',
        assignment_id,
        fence,
        request_id: 'fails once',
        details: { code: 'command-failed', error: 'It ended with exit code 7.' },
      });
    expect(await fail()).toMatchObject({ status: 200 });
    const again = await orchestrator.assignment(workerId);
    expect(again.fence).toBe(2);
    expect(await fail()).toMatchObject({ status: 200, body: { message: 'recorded' } });
    const { body } = await orchestrator.get(`/api/v1/tasks/${assignment.task_id}`);
    expect(body).toMatchObject({ failed_attempts: 1, fence: 2, state: 'leased' });
  });

  it('B5: gets the refusal of the first', async () => {
    await orchestrator.submit({ policy: { retryDelaySeconds: 0 } });
    const assignment = await orchestrator.assignment(workerId);
    const { assignment_id, fence } = assignment;
    const manifest = { ...(await orchestrator.manifest(assignment)), entries: [] };
    const complete = () =>
      orchestrator.post<Record<string, unknown>>(`/status/${workerId}`, {
        status: 'completed',
        assignment_id,
        fence,
        request_id: 'completes nothing',
        details: { manifest },
      });
    const first: Answer = await complete();
    expect(first).toMatchObject({ status: 400, body: { code: 'output-missing' } });
    expect(await complete()).toEqual(first);
  });

  it('B3: is answered from what is stored also after a restart', async () => {
    await orchestrator.submit();
    const { assignment_id, fence } = await orchestrator.assignment(workerId);
    const acknowledge = () => orchestrator.post(`/ack/${workerId}`, { assignment_id, fence, request_id: 'acks' });
    const first = await acknowledge();
    await orchestrator.restart();
    expect(await acknowledge()).toEqual(first);
  });

  it('B5: renews once, and gives the same orders', async () => {
    await orchestrator.submit();
    const held = await orchestrator.assignment(workerId);
    const beat = (id: string) =>
      orchestrator.post<HeartbeatAnswer>(`/heartbeat/${workerId}`, {
        assignments: [{ assignment_id: held.assignment_id, fence: held.fence }],
        request_id: id,
      });
    expect((await beat('one')).body).toEqual({ orders: [] });
    await orchestrator.clock.advance(20_000);
    await orchestrator.jobWhen(held.job_id, ({ tasks }) => tasks.available === 1);
    expect((await beat('one')).body).toEqual({ orders: [] });
    expect((await beat('two')).body).toEqual({ orders: [{ assignment_id: held.assignment_id, order: 'cancel' }] });
  });

  it('H6: redrives once, however often the button is pressed', async () => {
    const job = await orchestrator.submit({ policy: { maxAttempts: 1 } });
    const assignment = await orchestrator.assignment(workerId);
    await orchestrator.report(workerId, 'failed', assignment, { code: 'command-failed', error: 'No.' });
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'failed');
    const redrive = () => orchestrator.post(`/api/v1/jobs/${job.id}/redrive`, {}, { 'idempotency-key': 'pressed' });
    expect((await redrive()).body).toEqual({ redriven: 1, refused: 0 });
    expect((await redrive()).body).toEqual({ redriven: 1, refused: 0 });
    expect((await orchestrator.post(`/api/v1/jobs/${job.id}/redrive`)).body).toEqual({ redriven: 0, refused: 0 });
  });

  it('is another request when another worker sends it', async () => {
    const other = await orchestrator.register();
    const beat = (id: string) => orchestrator.post(`/heartbeat/${id}`, { assignments: [], request_id: 'same' });
    await orchestrator.clock.advance(5_000);
    await beat(workerId);
    await orchestrator.clock.advance(5_000);
    await beat(other);
    const { body } = await orchestrator.get<{ items: { id: string; silent_seconds: number }[] }>('/api/v1/workers');
    const silent = new Map(body.items.map(({ id, silent_seconds }) => [id, silent_seconds]));
    expect(silent.get(workerId)! - silent.get(other)!).toBe(5);
  });
});
