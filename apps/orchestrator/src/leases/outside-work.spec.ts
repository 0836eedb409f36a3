import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Assignment, PageAnswer, TaskAnswer, TaskDetailAnswer, TaskRunningAnswer } from '@longshore/core/protocol';
import { createToken, joinWith, lockedOrchestrator, adminToken } from '../testing/locked-orchestrator.js';
import { OrchestratorOnFakes, type Answer } from '../testing/orchestrator-on-fakes.js';

describe('a worker that finds its tasks by itself', () => {
  let orchestrator: OrchestratorOnFakes;
  let workerId: string;
  let taskId: string;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
    orchestrator.putImages('a', 'b');
    const job = await orchestrator.submit({ batching: { maxObjects: 1 } });
    workerId = await orchestrator.register();
    const { body } = await orchestrator.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${job.id}/tasks?state=available`);
    taskId = body.items[1]!.id;
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const say = <T = Record<string, unknown>>(what: string, body: Record<string, unknown> = {}): Promise<Answer<T>> =>
    orchestrator.post(`/api/v1/tasks/${taskId}/${what}`, { worker_id: workerId, ...body });
  const task = async () => (await orchestrator.get<TaskDetailAnswer>(`/api/v1/tasks/${taskId}`)).body;
  const running = async (): Promise<Assignment> => (await say<TaskRunningAnswer>('running')).body.assignment;

  it('is leased the task it names when it says that it runs, and its outputs are published when it is done', async () => {
    const assignment = await running();
    expect(assignment).toMatchObject({ task_id: taskId, fence: 1, file_names: ['in/b'] });
    expect(await task()).toMatchObject({ state: 'leased', worker_id: workerId, lease: { worker_id: workerId } });
    const manifest = await orchestrator.manifest(assignment);
    const done = await say('complete', { fence: 1, manifest, result: { cells: 7 }, processing_time_seconds: 3 });
    expect(done).toMatchObject({ status: 200, body: { message: 'completed' } });
    expect(await task()).toMatchObject({ state: 'completed', manifest: { worker_id: workerId, outputs: 1 } });
    expect(orchestrator.objects.keys('results')).toEqual(['out/b.out']);
    const { body } = await orchestrator.get(`/api/v1/tasks/${taskId}/attempts/1`);
    expect(body).toMatchObject({ outcome: 'completed', log: '{"cells":7}' });
  });

  it('may say everything twice', async () => {
    const assignment = await running();
    await orchestrator.clock.advance(5_000);
    expect(await running()).toEqual(assignment);
    await orchestrator.clock.advance(5_000);
    expect(await task()).toMatchObject({ state: 'leased', fence: 1 });
    const manifest = await orchestrator.manifest(assignment);
    for (let time = 0; time < 2; time += 1) {
      expect(await say('complete', { fence: 1, manifest })).toMatchObject({
        status: 200,
        body: { message: 'completed' },
      });
    }
  });

  it('fails its attempt once, however often it says so', async () => {
    await running();
    const why = { fence: 1, error_message: 'The lens cap is on.', exit_code: 3, log: 'dark\n' };
    for (let time = 0; time < 2; time += 1) expect(await say('failed', why)).toMatchObject({ status: 200 });
    expect(await task()).toMatchObject({
      state: 'available',
      failed_attempts: 1,
      failure: { code: 'command-failed', message: 'The lens cap is on.', exitCode: 3 },
    });
  });

  it('is refused a task that another one holds, that waits for its next try, or that is over', async () => {
    const other = await orchestrator.register();
    await running();
    expect(await say('running', { worker_id: other })).toMatchObject({
      status: 409,
      body: { code: 'transition-refused' },
    });
    await say('failed', { fence: 1 });
    expect(await say('running')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('is available') },
    });
    await orchestrator.clock.advance(3_600_000);
    expect(await running()).toMatchObject({ fence: 2 });
  });

  it('never gets past the fence: what it says of an attempt that is over is refused', async () => {
    const first = await running();
    const manifest = await orchestrator.manifest(first);
    await say('failed', { fence: 1 });
    await orchestrator.clock.advance(3_600_000);
    await running();
    expect(await say('complete', { fence: 1, manifest })).toMatchObject({
      status: 409,
      body: { reason: 'stale-fence' },
    });
    const other = await orchestrator.register();
    expect(await say('complete', { fence: 2, manifest, worker_id: other })).toMatchObject({ status: 409 });
    expect(await say('complete', { manifest })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/fence' }, { pointer: '/fence' }] },
    });
    expect(await task()).toMatchObject({ state: 'leased', fence: 2 });
  });

  it('is not believed without a manifest of what it made', async () => {
    await running();
    expect(await say('complete', { fence: 1 })).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(await task()).toMatchObject({ state: 'leased' });
  });

  it('has to be one that is known, and an admin has to say which', async () => {
    expect(await say('running', { worker_id: 'nobody' })).toMatchObject({
      status: 404,
      body: { code: 'worker-unknown' },
    });
    const path = `/api/v1/tasks/${taskId}/running`;
    expect(await orchestrator.post(path)).toMatchObject({ status: 400, body: { errors: [{ pointer: '/worker_id' }] } });
  });
});

describe('the token of a worker that finds its tasks by itself', () => {
  it('speaks for that worker alone', async () => {
    await using orchestrator = await lockedOrchestrator();
    orchestrator.putImages('a');
    const body = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/' };
    const { body: job } = await orchestrator.ask('POST', '/api/v1/jobs', { token: adminToken, body });
    const { token: join } = await createToken(orchestrator, { role: 'join' });
    const [one, other] = [await joinWith(orchestrator, join), await joinWith(orchestrator, join)];
    let [task]: TaskAnswer[] = [];
    for (let tries = 0; tries < 200 && !task; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      const path = `/api/v1/jobs/${String(job.id)}/tasks`;
      [task] = (await orchestrator.ask<PageAnswer<TaskAnswer>>('GET', path, { token: adminToken })).body.items;
    }
    const running = `/api/v1/tasks/${task!.id}/running`;
    const forOther = { token: one.token, body: { worker_id: other.worker_id } };
    expect(await orchestrator.ask('POST', running, forOther)).toMatchObject({ status: 403 });
    expect(await orchestrator.ask('POST', running, { token: one.token, body: {} })).toMatchObject({ status: 200 });
    expect(await orchestrator.ask('POST', running, { token: other.token, body: {} })).toMatchObject({ status: 409 });
    const failed = { token: other.token, body: { fence: 1 } };
    expect(await orchestrator.ask('POST', running.replace('running', 'failed'), failed)).toMatchObject({ status: 409 });
  });
});
