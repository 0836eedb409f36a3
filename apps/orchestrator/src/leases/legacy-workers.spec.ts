import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  AttemptAnswer,
  ExplainAnswer,
  InvariantsAnswer,
  ManifestLine,
  TaskAnswer,
} from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

interface Given {
  assignment: null | {
    task_id: string;
    file_names: string[];
    input_bucket: string;
    input_prefix: string;
    output_bucket: string;
    output_prefix: string;
    shutdown?: true;
  };
}

const quick = { policy: { retryDelaySeconds: 0, timeoutSeconds: 100, ackTimeoutSeconds: 60 } };

describe('a worker of the original system', () => {
  let orchestrator: OrchestratorOnFakes;
  let old: string;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_ALLOW_LEGACY_WORKERS: 'true' });
    old = await enter();
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const enter = async () => {
    const capabilities = ['processing', null, 'CPU'];
    const { status, body } = await orchestrator.post<{ worker_id: string; message: string }>('/register', {
      hostname: 'old',
      capabilities,
    });
    expect([status, typeof body.message]).toEqual([200, 'string']);
    return body.worker_id;
  };
  const poll = async (id = old) => (await orchestrator.get<Given>(`/assignment/${id}`)).body.assignment;
  const say = (status: string, details: unknown = {}, id = old) =>
    orchestrator.post<{ message: string }>(`/status/${id}`, { status, details });
  const ack = (id = old) => orchestrator.post(`/ack/${id}`);
  const take = async (id = old) => {
    const given = await poll(id);
    expect((await ack(id)).status).toBe(200);
    return given!;
  };
  const task = async (id: string) =>
    (await orchestrator.get<TaskAnswer & { attempts: AttemptAnswer[] }>(`/api/v1/tasks/${id}`)).body;
  const worker = async (id = old) => (await orchestrator.store.findWorker(id))!;
  const ended = (id: string) => orchestrator.jobWhen(id, ({ state }) => state !== 'running');
  const modern = async () =>
    (await orchestrator.post<{ worker_id: string }>('/register', { hostname: 'new', plugin: 'echo', protocol: 1 })).body
      .worker_id;
  const expectInvariants = async () => {
    const { body } = await orchestrator.get<InvariantsAnswer>('/api/v1/admin/invariants?exclusive=true');
    expect(body.invariants.filter(({ holds }) => !holds)).toEqual([]);
  };

  it('does a task with what it knows, and the task is marked as done on its word', async () => {
    expect(await poll()).toBeNull();
    expect((await ack()).status).toBe(400);
    orchestrator.putImages('a.png', 'b.png');
    const job = await orchestrator.submit();
    const given = await poll();
    expect(given).toMatchObject({
      file_names: ['in/a.png', 'in/b.png'],
      input_bucket: 'images',
      input_prefix: 'in/',
      output_bucket: 'results',
      output_prefix: 'out/',
    });
    expect(await poll()).toEqual(given);
    expect((await ack()).status).toBe(200);
    expect((await say('processing')).status).toBe(200);
    expect((await say('completed', { processed_files: given!.file_names })).status).toBe(200);
    expect(await ended(job.id)).toMatchObject({
      state: 'completed',
      objects: { completed: 2 },
      objects_unverified: 2,
    });
    expect(await task(given!.task_id)).toMatchObject({
      state: 'completed',
      unverified: true,
      attempts: [{ outcome: 'completed', worker_id: old }],
    });
    const lines = (await orchestrator.text(`/api/v1/jobs/${job.id}/manifest`)).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as ManifestLine)).toMatchObject([
      { key: 'in/a.png', outputs: [], unverified: true, worker_id: old },
      { key: 'in/b.png', outputs: [], unverified: true, worker_id: old },
    ]);
    const { body } = await orchestrator.get<ExplainAnswer>(`/api/v1/jobs/${job.id}/explain`);
    expect(body.sentences).toContainEqual(expect.stringMatching(/^2 objects are done on the word of legacy workers/));
    await expectInvariants();
  });

  it('sends bodies of any kind where it has nothing to say, and is told 404 when nobody knows it', async () => {
    orchestrator.putImages('a');
    await orchestrator.submit();
    await poll();
    const bare = (path: string, headers: Record<string, string>) =>
      fetch(orchestrator.url + path, { method: 'POST', headers, body: '' });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const headers of [{}, form, { 'content-type': 'application/json' }, { 'content-type': 'text/plain' }])
      expect((await bare(`/ack/${old}`, headers)).status).toBe(200);
    expect((await bare('/ack/nobody', form)).status).toBe(404);
    expect((await orchestrator.get('/assignment/nobody')).status).toBe(404);
    expect((await say('completed', {}, 'nobody')).status).toBe(404);
  });

  it('may say what nobody knows: it is kept as it is, bounded, and nothing comes of it', async () => {
    orchestrator.putImages('a');
    await orchestrator.submit();
    const given = await take();
    expect((await say('warming up \n')).status).toBe(200);
    expect((await worker()).statusText).toBe('warming up \n');
    expect((await say('x'.repeat(9_000))).status).toBe(200);
    expect((await worker()).statusText).toHaveLength(200);
    expect(await task(given.task_id)).toMatchObject({ state: 'leased', worker_id: old });
    const answer = await orchestrator.post(`/status/${await modern()}`, { status: 'warming up' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });

  it('fails with a text, and its files are given again', async () => {
    orchestrator.putImages('a');
    await orchestrator.submit(quick);
    const given = await take();
    expect((await say('failed', { error: 'it broke', code: 'access-denied' })).status).toBe(200);
    expect(await task(given.task_id)).toMatchObject({
      state: 'available',
      failed_attempts: 1,
      failure: { code: 'command-failed', message: 'it broke' },
    });
    expect(await poll()).toMatchObject({ task_id: given.task_id });
  });

  it('A5: loses nothing when it says goodbye with files in hand', async () => {
    orchestrator.putImages('a');
    await orchestrator.submit();
    const given = await take();
    expect((await say('shutting-down', { reason: 'spot' })).status).toBe(200);
    expect(await task(given.task_id)).toMatchObject({ state: 'available', failed_attempts: 0, losses: 1 });
    expect(await worker()).toMatchObject({ state: 'shutting-down' });
    expect(await take(await enter())).toMatchObject({ task_id: given.task_id });
  });

  it('A1: is waited for until its acknowledgement is due, and then until its time is over; the history says which', async () => {
    orchestrator.putImages('a');
    await orchestrator.submit(quick);
    const given = (await poll())!;
    await orchestrator.clock.advance(59_000);
    expect(await task(given.task_id)).toMatchObject({ state: 'leased', worker_id: old });
    await orchestrator.clock.advance(2_000);
    await eventually(async () => (await task(given.task_id)).state === 'available');
    const other = await enter();
    await take(other);
    await orchestrator.clock.advance(107_000);
    expect(await task(given.task_id)).toMatchObject({ state: 'leased', worker_id: other });
    await orchestrator.clock.advance(2_000);
    await eventually(async () => (await task(given.task_id)).state === 'available');
    const { attempts, losses, failed_attempts } = await task(given.task_id);
    expect({ losses, failed_attempts }).toEqual({ losses: 2, failed_attempts: 0 });
    expect(attempts.map(({ outcome, failure }) => [outcome, failure?.code])).toEqual([
      ['expired', 'acknowledgement-timeout'],
      ['expired', 'processing-timeout'],
    ]);
    expect(await worker(other)).toMatchObject({ state: 'unavailable' });
  });

  it('B6: is answered when it comes too late, and nothing counts twice', async () => {
    orchestrator.putImages('a');
    const job = await orchestrator.submit(quick);
    const given = await take();
    await orchestrator.clock.advance(110_000);
    await eventually(async () => (await task(given.task_id)).state === 'available');
    const other = await modern();
    const again = await orchestrator.assignment(other);
    expect(again).toMatchObject({ task_id: given.task_id, fence: 2 });
    for (const status of ['completed', 'failed', 'processing']) {
      expect(await say(status)).toMatchObject({
        status: 200,
        body: { message: expect.stringMatching(/not recorded/) },
      });
    }
    expect(await task(given.task_id)).toMatchObject({ state: 'leased', worker_id: other });
    await orchestrator.finish(other, again);
    expect(await ended(job.id)).toMatchObject({ state: 'completed', objects: { completed: 1 } });
    expect(await task(given.task_id)).not.toHaveProperty('unverified');
    await expectInvariants();
  });

  it('B5: says that it is done once more, and the next task is not taken for it', async () => {
    orchestrator.putImages('a', 'b');
    const job = await orchestrator.submit({ ...quick, batching: { maxObjects: 1 } });
    const first = await take();
    const details = { files: first.file_names };
    await say('completed', details);
    const second = (await poll())!;
    expect((await say('completed')).body.message).toMatch(/not recorded/);
    await ack();
    expect((await say('completed', details)).body.message).toMatch(/not recorded/);
    expect(await task(second.task_id)).toMatchObject({ state: 'leased' });
    expect((await say('completed', { files: second.file_names })).body.message).toBe('recorded');
    expect(await ended(job.id)).toMatchObject({ state: 'completed', objects_unverified: 2 });
  });

  it('names what it has processed, and only the rest is tried again', async () => {
    orchestrator.putImages('a', 'b', 'c');
    const job = await orchestrator.submit(quick);
    await take();
    expect((await say('completed', { processed_files: ['in/a', 'c'] })).status).toBe(200);
    expect(await orchestrator.jobWhen(job.id, () => true)).toMatchObject({
      objects: { completed: 2, available: 1 },
      objects_unverified: 2,
    });
    await expectInvariants();
    const rest = await take();
    expect(rest.file_names).toEqual(['in/b']);
    expect(await task(rest.task_id)).toMatchObject({ failed_attempts: 1, failure: { code: 'output-missing' } });
    await say('completed');
    expect(await ended(job.id)).toMatchObject({ state: 'completed', objects_unverified: 3 });
    await expectInvariants();
  });

  it('A8: keeps its task through a restart, and no heartbeat is asked of it', async () => {
    orchestrator.putImages('a');
    const job = await orchestrator.submit(quick);
    const given = await take();
    await orchestrator.restart();
    await orchestrator.clock.advance(90_000);
    expect(await task(given.task_id)).toMatchObject({ state: 'leased', worker_id: old });
    await say('completed');
    expect(await ended(job.id)).toMatchObject({ state: 'completed' });
  });

  const eventually = async (holds: () => Promise<boolean>) => {
    for (let tries = 0; !(await holds()); tries += 1) {
      if (tries === 200) throw new Error('It never came so far');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
});
