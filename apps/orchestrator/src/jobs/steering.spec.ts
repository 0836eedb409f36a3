import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  Assignment,
  AttemptAnswer,
  ExplainAnswer,
  HeartbeatAnswer,
  JobAnswer,
  PageAnswer,
  TaskAnswer,
} from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { until } from '../testing/until.js';

describe('steering a job', () => {
  let orchestrator: OrchestratorOnFakes;
  let workerId: string;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
    workerId = await orchestrator.register();
    orchestrator.putImages('a', 'b', 'c');
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const submit = (policy: Record<string, unknown> = {}) =>
    orchestrator.submit({ batching: { maxObjects: 1 }, policy: { retryDelaySeconds: 0, ...policy } });
  const steer = (job: JobAnswer, how: string, body: unknown = {}) =>
    orchestrator.post<JobAnswer>(`/api/v1/jobs/${job.id}/${how}`, body);
  const fail = (assignment: Assignment, details: Record<string, unknown> = {}) =>
    orchestrator.report(workerId, 'failed', assignment, { code: 'command-failed', error: 'No.', ...details });
  const workThrough = async (act: (assignment: Assignment) => Promise<unknown>) => {
    for (;;) {
      const { body } = await orchestrator.get<{ assignment: Assignment | null }>(`/assignment/${workerId}`);
      if (!body.assignment) return;
      await act(body.assignment);
    }
  };
  const explain = async (path: string) =>
    (await orchestrator.get<ExplainAnswer>(`/api/v1/${path}/explain`)).body.sentences.join('\n');

  it('H5: a cancelled job leases nothing more, and its workers are told with their next heartbeat', async () => {
    const job = await submit();
    const held = await orchestrator.assignment(workerId);
    await orchestrator.acknowledge(workerId, held);
    expect(await steer(job, 'cancel')).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    const ended = await orchestrator.jobWhen(job.id, ({ tasks }) => tasks.cancelled === 3);
    expect(ended).toMatchObject({ state: 'cancelled', objects: { cancelled: 3, leased: 0, available: 0 } });
    const { assignment_id, fence } = held;
    const { body } = await orchestrator.post<HeartbeatAnswer>(`/heartbeat/${workerId}`, {
      assignments: [{ assignment_id, fence }],
    });
    expect(body.orders).toEqual([{ assignment_id, order: 'cancel' }]);
    const manifest = await orchestrator.manifest(held);
    expect(await orchestrator.report(workerId, 'completed', held, { manifest })).toMatchObject({ status: 409 });
    expect((await orchestrator.get(`/assignment/${workerId}`)).body).toEqual({ assignment: null });
  });

  it('H5: what was accepted before the job was cancelled is published, what was staged is cleared', async () => {
    const job = await submit();
    const accepted = await orchestrator.assignment(workerId);
    const manifest = await orchestrator.manifest(accepted);
    await orchestrator.report(workerId, 'completed', accepted, { manifest });
    const staging = await orchestrator.assignment(workerId);
    await orchestrator.manifest(staging);
    await steer(job, 'cancel');
    const settled = ({ tasks }: JobAnswer) => tasks.completed === 1 && tasks.cancelled === 2;
    await orchestrator.clock.advance(20_000);
    await orchestrator.jobWhen(job.id, settled);
    for (let tries = 0; tries < 100 && orchestrator.objects.stagedCount > 0; tries += 1) {
      await orchestrator.clock.advance(5_000);
      await orchestrator.jobWhen(job.id, () => true);
    }
    expect(orchestrator.objects.stagedCount).toBe(0);
  });

  it('H5: a job that was cancelled just before a crash is cancelled all the same', async () => {
    const job = await submit();
    await orchestrator.store.changeJob(job.id, (found) => ({ job: { ...found, state: 'cancelled', endedAt: 1 } }));
    await orchestrator.restart();
    await orchestrator.jobWhen(job.id, ({ tasks }) => tasks.cancelled === 3);
  });

  it('a job cannot be cancelled twice', async () => {
    const job = await submit();
    await steer(job, 'cancel');
    expect(await steer(job, 'cancel')).toMatchObject({ status: 409, body: { code: 'transition-refused' } });
    expect(await steer(job, 'redrive')).toMatchObject({ status: 409 });
  });

  it('a paused job leases nothing until it is resumed', async () => {
    const job = await submit();
    await steer(job, 'pause');
    expect((await orchestrator.get(`/assignment/${workerId}`)).body).toEqual({ assignment: null });
    expect(await explain(`jobs/${job.id}`)).toContain(`Somebody paused it; run it on with: longshore resume ${job.id}`);
    await steer(job, 'resume');
    await workThrough((assignment) => orchestrator.finish(workerId, assignment));
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'completed');
  });

  it('dead letters are tried again, and the job that had failed is completed', async () => {
    const job = await submit({ maxAttempts: 1 });
    await workThrough((assignment) =>
      assignment.file_names[0] === 'in/c' ? orchestrator.finish(workerId, assignment) : fail(assignment),
    );
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'failed');
    await orchestrator.clock.advance(1_000);
    expect((await steer(job, 'redrive')).body).toEqual({ redriven: 2, refused: 0 });
    expect(await orchestrator.jobWhen(job.id, () => true)).toMatchObject({ state: 'running' });
    await workThrough((assignment) => orchestrator.finish(workerId, assignment));
    const ended = await orchestrator.jobWhen(job.id, ({ state }) => state !== 'running');
    expect(ended).toMatchObject({ state: 'completed', objects: { completed: 3, dead: 0 } });
    const ends = () =>
      orchestrator.notifier.sent.map(({ news }) => news.event).filter((event) => event.startsWith('job-'));
    await until(() => ends().length === 2, 'both ends');
    expect(ends()).toEqual(['job-failed', 'job-completed']);
  });

  it('dead letters are chosen by reason, by key and by task', async () => {
    const job = await submit({ maxAttempts: 1 });
    const tasks: string[] = [];
    await workThrough((assignment) => {
      tasks.push(assignment.task_id);
      return fail(assignment, assignment.file_names[0] === 'in/a' ? { code: 'out-of-memory' } : {});
    });
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'failed');
    expect((await steer(job, 'redrive', { reason: 'oom' })).body).toMatchObject({ redriven: 1 });
    expect((await steer(job, 'redrive', { key: 'in/b' })).body).toMatchObject({ redriven: 1 });
    expect((await steer(job, 'redrive', { task: tasks[2] })).body).toMatchObject({ redriven: 1 });
    expect(await steer(job, 'redrive', { reason: 'nonsense' })).toMatchObject({ status: 400 });
  });

  it('what was refused by its name is not tried again', async () => {
    orchestrator.putImages('../escape');
    const job = await submit();
    await workThrough((assignment) => orchestrator.finish(workerId, assignment));
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'failed');
    expect((await steer(job, 'redrive')).body).toEqual({ redriven: 0, refused: 1 });
    expect(await orchestrator.jobWhen(job.id, () => true)).toMatchObject({ state: 'failed' });
  });

  it.each([
    ['2 dead of 3 with 1 tolerated', 1, 'failed'],
    ['2 dead of 3 with 2 tolerated', 2, 'completed'],
    ['2 dead of 3 with 60% tolerated', '60%', 'failed'],
    ['2 dead of 3 with 67% tolerated', '67%', 'completed'],
  ])('%s: the job is %s', async (_, toleratedDead, state) => {
    const job = await submit({ maxAttempts: 1, toleratedDead });
    await workThrough((assignment) =>
      assignment.file_names[0] === 'in/c' ? orchestrator.finish(workerId, assignment) : fail(assignment),
    );
    await orchestrator.jobWhen(job.id, (found) => found.state === state);
  });

  it('E4: rules of the job say what an exit code and a reason mean', async () => {
    const retry = [
      { on: { exit: 75 }, then: 'retry' },
      { on: { reason: 'oom' }, then: 'fail' },
    ];
    const job = await submit({ maxAttempts: 2, retry });
    const a = await orchestrator.assignment(workerId);
    await fail(a, { exit_code: 75 });
    expect((await orchestrator.get(`/api/v1/tasks/${a.task_id}`)).body).toMatchObject({
      failed_attempts: 0,
      losses: 1,
    });
    await fail(await orchestrator.assignment(workerId), { code: 'out-of-memory', exit_code: 137 });
    await orchestrator.jobWhen(job.id, ({ tasks }) => tasks.dead === 1);
  });

  it.each([
    { policy: { retry: [{ on: { reason: 'nonsense' }, then: 'fail' }] } },
    { policy: { retry: [{ on: { exit: 'x' }, then: 'fail' }] } },
    { policy: { retry: [{ on: {}, then: 'explode' }] } },
    { policy: { toleratedDead: '101%' } },
    { policy: { toleratedDead: -1 } },
    { include: [''] },
    { exclude: ['**/*.png', ''] },
  ])('a policy or a pattern that means nothing is refused: %j', async (changes) => {
    const request = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/', ...changes };
    expect(await orchestrator.post('/api/v1/jobs', request)).toMatchObject({ status: 400 });
  });

  it('the manifest of a job is a JSON line for each object that is done', async () => {
    const job = await submit({ maxAttempts: 1 });
    await workThrough((assignment) =>
      assignment.file_names[0] === 'in/b' ? fail(assignment) : orchestrator.finish(workerId, assignment),
    );
    const text = await orchestrator.text(`/api/v1/jobs/${job.id}/manifest`);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ key }) => key)).toEqual(['in/a', 'in/c']);
    expect(lines[0]).toMatchObject({
      etag: expect.any(String),
      outputs: [{ key: 'out/a.out', size_bytes: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      attempt: 1,
      worker_id: workerId,
      image_digest: expect.stringMatching(/^sha256:/),
      plugin: 'echo',
      plugin_version: '1.0.0',
      params: {},
      duration_ms: 5,
      exit_code: 0,
    });
  });

  it('an attempt keeps what its container printed, whether it failed or not', async () => {
    await submit();
    const first = await orchestrator.assignment(workerId);
    await fail(first, { log: 'last words', exit_code: 9 });
    const second = await orchestrator.assignment(workerId);
    const manifest = await orchestrator.manifest(second);
    await orchestrator.report(workerId, 'completed', second, { manifest, log: 'all went well' });
    const attempt = async ({ task_id, fence }: Assignment) =>
      (await orchestrator.get<AttemptAnswer>(`/api/v1/tasks/${task_id}/attempts/${fence}`)).body;
    expect(await attempt(first)).toMatchObject({ outcome: 'failed', log: 'last words', exit_code: 9 });
    expect(await attempt(second)).toMatchObject({ log: 'all went well', exit_code: 0, duration_ms: 5 });
  });

  it('why things are where they are is said in sentences', async () => {
    const job = await submit({ maxAttempts: 1 });
    expect(await explain(`jobs/${job.id}`)).toContain('3 tasks wait for a free slot');
    const held = await orchestrator.assignment(workerId);
    await orchestrator.clock.advance(3_000);
    expect(await explain(`tasks/${held.task_id}`)).toMatch(
      /holds it for 3 seconds as attempt 1, and has not acknowledged it yet; its lease ends in 5 seconds/,
    );
    await fail(held, { log: 'the image is blank' });
    expect(await explain(`tasks/${held.task_id}`)).toMatch(
      /is set aside because of command-failed: No\.\n.*the image is blank\n.*longshore redrive/,
    );
    await workThrough((assignment) => orchestrator.finish(workerId, assignment));
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'failed');
    expect(await explain(`jobs/${job.id}`)).toMatch(
      /It failed: 1 of 3 objects.*\n.*command-failed 1\.\n.*in\/a: No\.\n.*longshore redrive/,
    );
  });

  it('a worker that drains is none that work could wait for', async () => {
    const job = await submit({ maxAttempts: 1 });
    await orchestrator.assignment(workerId);
    expect(await explain(`jobs/${job.id}`)).toContain('1 task is being worked on');
    await orchestrator.post(`/api/v1/workers/${workerId}/drain`, {});
    expect(await explain(`jobs/${job.id}`)).toContain('Every worker for the plugin echo drains; start one with:');
    const [, second] = (await orchestrator.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${job.id}/tasks`)).body.items;
    expect(await explain(`tasks/${second?.id}`)).toContain('Every worker for the plugin echo drains.');
  });

  it('a job without a worker says how to start one', async () => {
    const job = await submit();
    await orchestrator.clock.advance(60_000);
    expect(await explain(`jobs/${job.id}`)).toContain(
      'No worker for the plugin echo is here; start one with: longshore worker --plugin echo',
    );
  });
});
