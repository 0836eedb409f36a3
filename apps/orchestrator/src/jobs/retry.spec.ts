import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JobAnswer, PageAnswer, RetryAnswer, TaskAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('trying tasks now that wait for their retry delay', () => {
  let orchestrator: OrchestratorOnFakes;
  let workerId: string;
  let job: JobAnswer;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
    workerId = await orchestrator.register();
    orchestrator.putImages('a', 'b', 'c');
    job = await orchestrator.submit({ batching: { maxObjects: 1 }, policy: { retryDelaySeconds: 3_600 } });
    for (let failures = 0; failures < 2; failures += 1) {
      const held = await orchestrator.assignment(workerId);
      await orchestrator.report(workerId, 'failed', held, { code: 'command-failed', error: 'No.' });
    }
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const retry = (body: unknown, key = '', id = job.id) =>
    orchestrator.post<RetryAnswer>(`/api/v1/jobs/${id}/retry`, body, key === '' ? {} : { 'idempotency-key': key });
  const tasks = async () => (await orchestrator.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${job.id}/tasks`)).body.items;
  const waiting = async () => {
    const now = orchestrator.clock.now();
    return (await tasks()).filter(({ available_at }) => Date.parse(available_at) > now).map(({ id }) => id);
  };

  it('ends their delays, and leaves their budgets as they were', async () => {
    expect(await waiting()).toHaveLength(2);
    expect(await retry({})).toMatchObject({ status: 200, body: { hastened: 2 } });
    expect(await waiting()).toEqual([]);
    expect((await tasks()).map(({ failed_attempts }) => failed_attempts)).toEqual([1, 1, 0]);
    expect((await orchestrator.assignment(workerId)).task_id).toBe((await tasks())[0]?.id);
  });

  it('can be asked for one task', async () => {
    const [first, second] = await waiting();
    expect((await retry({ task: second })).body).toEqual({ hastened: 1 });
    expect(await waiting()).toEqual([first]);
  });

  it('does nothing to a task that does not wait, and refuses one that is not there', async () => {
    const fresh = (await tasks())[2];
    expect((await retry({ task: fresh?.id })).body).toEqual({ hastened: 0 });
    expect(await retry({ task: 'none' })).toMatchObject({ status: 404, body: { code: 'task-not-found' } });
    expect(await retry({}, '', 'none')).toMatchObject({ status: 404, body: { code: 'job-not-found' } });
    expect(await retry({ tasks: [] })).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });

  it('answers a repeated request as it did the first time, and does nothing twice', async () => {
    const [first, second] = await waiting();
    expect((await retry({ task: first }, 'once')).body).toEqual({ hastened: 1 });
    expect((await retry({}, 'once')).body).toEqual({ hastened: 1 });
    expect(await waiting()).toEqual([second]);
  });
});
