import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import type { Assignment, AssignmentAnswer, HeartbeatAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('the worker protocol', () => {
  let orchestrator: OrchestratorOnFakes;
  let workerId: string;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
    workerId = await orchestrator.register();
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const ack = (assignment: Assignment, worker = workerId) =>
    orchestrator.post(`/ack/${worker}`, { assignment_id: assignment.assignment_id, fence: assignment.fence });
  const finish = async (assignment: Assignment, worker = workerId) => {
    const manifest = await orchestrator.manifest(assignment);
    expect(await orchestrator.report(worker, 'completed', assignment, { manifest })).toMatchObject({ status: 200 });
    for (const { outputs } of manifest.entries) {
      for (const output of outputs) await orchestrator.objects.publish({ bucket: 'results', prefix: 'out/' }, output);
    }
    expect(await orchestrator.report(worker, 'published', assignment)).toMatchObject({ status: 200 });
  };

  it('gives a task with the names of the original, and the same one again until it is finished', async () => {
    orchestrator.putImages('a.png', 'b.png');
    await orchestrator.submit();
    const assignment = await orchestrator.assignment(workerId);
    expect(assignment).toMatchObject({
      file_names: ['in/a.png', 'in/b.png'],
      input_bucket: 'images',
      input_prefix: 'in/',
      output_bucket: 'results',
      output_prefix: 'out/',
      attempt: 1,
      fence: 1,
    });
    expect(await orchestrator.assignment(workerId)).toEqual(assignment);
    await ack(assignment);
    expect(await orchestrator.assignment(workerId)).toEqual(assignment);
    expect((await orchestrator.get<AssignmentAnswer>(`/assignment/${await orchestrator.register()}`)).body).toEqual({
      assignment: null,
    });
  });

  it('gives several tasks to a worker with several slots, and again those it never acknowledged', async () => {
    orchestrator.putImages('a', 'b', 'c');
    await orchestrator.submit({ batching: { maxObjects: 1 } });
    const ask = async (max: number) =>
      (await orchestrator.get<AssignmentAnswer>(`/assignment/${workerId}?max=${max}`)).body.assignments ?? [];
    const [first, second] = await ask(2);
    await ack(first!);
    expect((await ask(1)).map((given) => given.task_id)).toEqual([second!.task_id]);
    await ack(second!);
    expect((await ask(4)).map((given) => given.file_names)).toEqual([['in/c']]);
  });

  it('answers 400 with nothing pending, 404 to a stranger, 409 to a stale fence', async () => {
    orchestrator.putImages('a');
    await orchestrator.submit();
    expect(await orchestrator.post(`/ack/${workerId}`)).toMatchObject({
      status: 400,
      body: { code: 'nothing-pending' },
    });
    expect(await orchestrator.post('/ack/nobody')).toMatchObject({ status: 404, body: { code: 'worker-unknown' } });
    expect(await orchestrator.get('/assignment/nobody')).toMatchObject({ status: 404 });
    const assignment = await orchestrator.assignment(workerId);
    const stale = { ...assignment, fence: 7 };
    expect(await ack(stale)).toMatchObject({ status: 409, body: { reason: 'stale-fence' } });
    expect(await ack(assignment, await orchestrator.register())).toMatchObject({ status: 409 });
    expect(await ack(assignment)).toMatchObject({ status: 200 });
  });

  it('completes a task once it is accepted and published, however often that is said', async () => {
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    const assignment = await orchestrator.assignment(workerId);
    await ack(assignment);
    const manifest = await orchestrator.manifest(assignment);
    for (const status of ['completed', 'completed']) {
      expect(await orchestrator.report(workerId, status, assignment, { manifest })).toMatchObject({ status: 200 });
    }
    expect(await orchestrator.jobWhen(job.id, () => true)).toMatchObject({ state: 'running', tasks: { accepted: 1 } });
    for (const status of ['published', 'published']) {
      expect(await orchestrator.report(workerId, status, assignment)).toMatchObject({ status: 200 });
    }
    expect(await orchestrator.jobWhen(job.id, (found) => found.state !== 'running')).toMatchObject({
      state: 'completed',
    });
  });

  it('refuses a manifest that lacks a declared output, and has the task done again', async () => {
    orchestrator.putImages('a', 'b');
    const job = await orchestrator.submit({ policy: { retryDelaySeconds: 0 } });
    const assignment = await orchestrator.assignment(workerId);
    const manifest = await orchestrator.manifest(assignment);
    const lacking = { ...manifest, entries: manifest.entries.slice(1) };
    expect(await orchestrator.report(workerId, 'completed', assignment, { manifest: lacking })).toMatchObject({
      status: 400,
      body: { code: 'output-missing' },
    });
    expect(await orchestrator.report(workerId, 'published', assignment)).toMatchObject({ status: 409 });
    expect(await orchestrator.jobWhen(job.id, () => true)).toMatchObject({ tasks: { available: 1, completed: 0 } });
    await finish(await orchestrator.assignment(workerId));
  });

  it('takes back what is not acknowledged in time, and the late worker gets 409', async () => {
    orchestrator.putImages('a');
    await orchestrator.submit({ policy: { ackTimeoutSeconds: 2 } });
    const late = await orchestrator.assignment(workerId);
    await orchestrator.clock.advance(2_001);
    const other = await orchestrator.register();
    const again = await waitForTask(other);
    expect(again).toMatchObject({ task_id: late.task_id, fence: late.fence + 1 });
    expect(await ack(late)).toMatchObject({ status: 409 });
    await finish(again, other);
  });

  it('takes back an expired lease once, and nothing of the late worker counts', async () => {
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    const late = await orchestrator.assignment(workerId);
    await ack(late);
    const manifest = await orchestrator.manifest(late);
    await orchestrator.clock.advance(8_001);
    const other = await orchestrator.register();
    const again = await waitForTask(other);
    expect(await orchestrator.report(workerId, 'completed', late, { manifest })).toMatchObject({ status: 409 });
    expect(await orchestrator.report(workerId, 'failed', late, { error: 'x' })).toMatchObject({ status: 409 });
    await finish(again, other);
    const ended = await orchestrator.jobWhen(job.id, (found) => found.state !== 'running');
    expect(ended).toMatchObject({ state: 'completed', objects: { completed: 1 } });
    const { body } = await orchestrator.get<{ attempts: { outcome: string }[] }>(`/api/v1/tasks/${again.task_id}`);
    expect(body.attempts.map((attempt) => attempt.outcome)).toEqual(['expired', 'completed']);
    expect(orchestrator.objects.stagedCount).toBe(0);
  });

  it('keeps a lease alive by heartbeats, and orders what is lost to be cancelled', async () => {
    orchestrator.putImages('a');
    await orchestrator.submit();
    const held = await orchestrator.assignment(workerId);
    await ack(held);
    const beat = (fence = held.fence) =>
      orchestrator.post<HeartbeatAnswer>(`/heartbeat/${workerId}`, {
        assignments: [{ assignment_id: held.assignment_id, fence }],
      });
    for (let time = 0; time < 20; time += 4) {
      await orchestrator.clock.advance(4_000);
      expect((await beat()).body).toEqual({ orders: [] });
    }
    expect((await beat(held.fence + 1)).body).toEqual({
      orders: [{ assignment_id: held.assignment_id, order: 'cancel' }],
    });
  });

  it('publishes for a worker that dies between acceptance and publication', async () => {
    orchestrator.putImages('a', 'b');
    const job = await orchestrator.submit();
    const assignment = await orchestrator.assignment(workerId);
    const manifest = await orchestrator.manifest(assignment);
    await orchestrator.report(workerId, 'completed', assignment, { manifest });
    expect(orchestrator.objects.content('results', 'out/a.out')).toBeUndefined();
    await orchestrator.clock.advance(8_001);
    expect(await orchestrator.jobWhen(job.id, (found) => found.state !== 'running')).toMatchObject({
      state: 'completed',
    });
    expect(orchestrator.objects.content('results', 'out/a.out')).toBeDefined();
    expect(await orchestrator.report(workerId, 'published', assignment)).toMatchObject({ status: 200 });
  });

  it('does a task again whose accepted outputs are gone', async () => {
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    const assignment = await orchestrator.assignment(workerId);
    const manifest = await orchestrator.manifest(assignment);
    await orchestrator.report(workerId, 'completed', assignment, { manifest });
    await orchestrator.objects.sweep({ bucket: 'results', prefix: 'out/' }, ['a.out']);
    await orchestrator.clock.advance(8_001);
    await orchestrator.jobWhen(job.id, (found) => found.tasks.available === 1);
    await finish(await orchestrator.assignment(workerId));
    expect(await orchestrator.jobWhen(job.id, (found) => found.state !== 'running')).toMatchObject({
      state: 'completed',
    });
  });

  it('sets aside what can never be published, with the reason, and abandons what was staged', async () => {
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    const assignment = await orchestrator.assignment(workerId);
    const manifest = await orchestrator.manifest(assignment);
    orchestrator.objects.publish = () =>
      Promise.reject(new LongshoreError('output-collision', 'A folder lies in the way.'));
    await orchestrator.report(workerId, 'completed', assignment, { manifest });
    await orchestrator.clock.advance(8_001);
    const ended = await orchestrator.jobWhen(job.id, (found) => found.state !== 'running');
    expect(ended).toMatchObject({ state: 'failed', objects: { dead: 1 } });
    expect(orchestrator.objects.stagedCount).toBe(0);
    expect((await orchestrator.get(`/api/v1/tasks/${assignment.task_id}`)).body).toMatchObject({
      failure: { code: 'output-collision' },
    });
  });

  it('gives a released task to the next worker at once, and counts no attempt', async () => {
    orchestrator.putImages('a');
    await orchestrator.submit();
    const assignment = await orchestrator.assignment(workerId);
    expect(await orchestrator.report(workerId, 'released', assignment, { reason: 'SIGTERM' })).toMatchObject({
      status: 200,
    });
    const again = await orchestrator.assignment(await orchestrator.register());
    expect(again.task_id).toBe(assignment.task_id);
    const { body } = await orchestrator.get(`/api/v1/tasks/${again.task_id}`);
    expect(body).toMatchObject({ failed_attempts: 0, losses: 1 });
  });

  it('takes everything back from a worker that says goodbye', async () => {
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    await orchestrator.assignment(workerId);
    await orchestrator.post(`/status/${workerId}`, { status: 'shutting-down' });
    expect(await orchestrator.jobWhen(job.id, () => true)).toMatchObject({ tasks: { available: 1, leased: 0 } });
  });

  it('F16: pauses the job at a configuration fault, unharmed, until it is resumed', async () => {
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    const assignment = await orchestrator.assignment(workerId);
    await orchestrator.report(workerId, 'failed', assignment, {
      code: 'access-denied',
      error: 'The bucket is closed.',
    });
    expect(await orchestrator.jobWhen(job.id, (found) => found.state === 'paused')).toMatchObject({
      failure: { code: 'access-denied', message: 'The bucket is closed.' },
      tasks: { available: 1 },
    });
    expect((await orchestrator.get<AssignmentAnswer>(`/assignment/${workerId}`)).body.assignment).toBeNull();
    await orchestrator.post(`/api/v1/jobs/${job.id}/resume`);
    const again = await orchestrator.assignment(workerId);
    expect((await orchestrator.get(`/api/v1/tasks/${again.task_id}`)).body).toMatchObject({
      failed_attempts: 0,
      losses: 0,
    });
    await finish(again);
    expect(await orchestrator.jobWhen(job.id, (found) => found.state !== 'running')).toMatchObject({
      state: 'completed',
    });
  });

  it('splits a task of several objects that is out of attempts, and buries the guilty one alone', async () => {
    orchestrator.putImages('1', '2', '3', 'poison');
    const job = await orchestrator.submit({ policy: { maxAttempts: 1 } });
    for (;;) {
      const { body } = await orchestrator.get<AssignmentAnswer>(`/assignment/${workerId}`);
      if (!body.assignment || 'shutdown' in body.assignment) break;
      const given = body.assignment;
      const details = {
        code: 'command-failed',
        error: 'The command ended with exit code 3.',
        log: 'cannot read poison',
      };
      if (given.file_names.includes('in/poison')) await orchestrator.report(workerId, 'failed', given, details);
      else await finish(given);
    }
    const ended = await orchestrator.jobWhen(job.id, (found) => found.state !== 'running');
    expect(ended).toMatchObject({ state: 'failed', objects: { completed: 3, dead: 1 } });
    const { body } = await orchestrator.get(`/api/v1/jobs/${job.id}/tasks?state=dead`);
    expect(body).toMatchObject({
      items: [{ file_names: ['in/poison'], failure: { code: 'command-failed', log: 'cannot read poison' } }],
    });
  });

  it('wakes a waiting worker when work comes', async () => {
    orchestrator.putImages('a');
    const waiting = orchestrator.get<AssignmentAnswer>(`/assignment/${workerId}?wait=20`);
    await orchestrator.submit();
    expect((await waiting).body.assignment).toMatchObject({ file_names: ['in/a'] });
  });

  it('lets every lease start anew after a restart, and knows its workers', async () => {
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    const held = await orchestrator.assignment(workerId);
    await ack(held);
    await orchestrator.clock.advance(7_900);
    await orchestrator.restart();
    await orchestrator.clock.advance(7_900);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await finish(held);
    expect(await orchestrator.jobWhen(job.id, (found) => found.state !== 'running')).toMatchObject({
      state: 'completed',
    });
  });

  async function waitForTask(worker: string): Promise<Assignment> {
    for (let tries = 0; tries < 100; tries += 1) {
      const { body } = await orchestrator.get<AssignmentAnswer>(`/assignment/${worker}`);
      if (body.assignment && !('shutdown' in body.assignment)) return body.assignment;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('No task came.');
  }
});
