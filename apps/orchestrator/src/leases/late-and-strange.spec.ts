import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { manifestOutputs } from '@longshore/core';
import { aPlugin } from '@longshore/core/testing';
import type { ReportFile } from '@longshore/core';
import type { Assignment, AssignmentAnswer, InvariantsAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('what comes late or from a stranger', () => {
  let orchestrator: OrchestratorOnFakes;
  let workerId: string;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
    workerId = await orchestrator.register();
    orchestrator.putImages('a', 'b');
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const accept = async (assignment: Assignment) => {
    const manifest = await orchestrator.manifest(assignment);
    await orchestrator.report(workerId, 'completed', assignment, { manifest });
    return manifestOutputs(manifest);
  };
  const output = { bucket: 'results', prefix: 'out/' };

  it('S6: another worker is not told that its report was recorded', async () => {
    await orchestrator.submit();
    const assignment = await orchestrator.assignment(workerId);
    await accept(assignment);
    const stranger = await orchestrator.register();
    const manifest = await orchestrator.manifest(assignment);
    expect(await orchestrator.report(stranger, 'completed', assignment, { manifest })).toMatchObject({ status: 409 });
    expect(await orchestrator.report(stranger, 'published', assignment)).toMatchObject({ status: 409 });
  });

  it('B5: the same id for two different reports is no repetition', async () => {
    await orchestrator.submit();
    const { assignment_id, fence, ...assignment } = await orchestrator.assignment(workerId);
    const named = { assignment_id, fence, request_id: assignment_id };
    expect((await orchestrator.post(`/ack/${workerId}`, named)).status).toBe(200);
    const manifest = await orchestrator.manifest({ assignment_id, fence, ...assignment });
    const body = { ...named, status: 'completed', details: { manifest } };
    expect((await orchestrator.post(`/status/${workerId}`, body)).body).toEqual({ message: 'recorded' });
    const { body: task } = await orchestrator.get(`/api/v1/tasks/${assignment.task_id}`);
    expect(task).toMatchObject({ state: 'accepted' });
  });

  it('B5: the same key for two different jobs is refused, and for the same job is the same job', async () => {
    const request = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/' };
    const post = (body: unknown) =>
      orchestrator.post<{ id: string }>('/api/v1/jobs', body, { 'idempotency-key': 'nightly' });
    const first = await post(request);
    expect((await post(request)).body.id).toBe(first.body.id);
    expect(await post({ ...request, output: 's3://results/elsewhere/' })).toMatchObject({
      status: 422,
      body: { code: 'request-differs' },
    });
  });

  it('I6: nothing of a manifest is shown of which a part is gone, and a worker that wakes can show none of it', async () => {
    const job = await orchestrator.submit({ policy: { retryDelaySeconds: 0 } });
    const [first, second] = await accept(await orchestrator.assignment(workerId));
    await orchestrator.objects.abandon(output, second!);
    await orchestrator.clock.advance(20_000);
    await orchestrator.jobWhen(job.id, ({ tasks }) => tasks.available === 1);
    expect(orchestrator.objects.keys('results')).toEqual([]);
    await expect(orchestrator.objects.publish(output, first!)).rejects.toMatchObject({ code: 'staging-lost' });
  });

  it('H5: a cancelled job ends also where an acceptance has to be withdrawn', async () => {
    const job = await orchestrator.submit();
    const [first] = await accept(await orchestrator.assignment(workerId));
    await orchestrator.objects.abandon(output, first!);
    await orchestrator.post(`/api/v1/jobs/${job.id}/cancel`);
    await orchestrator.clock.advance(20_000);
    for (let tries = 0; tries < 300; tries += 1) {
      await orchestrator.clock.advance(1_000);
      const { tasks } = await orchestrator.jobWhen(job.id, () => true);
      if (tasks.cancelled === 1) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const { body } = await orchestrator.get<InvariantsAnswer>(`/api/v1/admin/invariants?job=${job.id}&exclusive=true`);
    expect(body.invariants.filter(({ holds }) => !holds)).toEqual([]);
    expect(orchestrator.objects.keys('results')).toEqual([]);
  });
});

describe('two jobs with the same output', () => {
  it('do not clear what the other one has staged', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const workerId = await orchestrator.register();
    orchestrator.putImages('a');
    const first = await orchestrator.submit();
    await orchestrator.assignment(workerId);
    await orchestrator.post(`/api/v1/jobs/${first.id}/cancel`);
    await orchestrator.jobWhen(first.id, ({ tasks }) => tasks.cancelled === 1);
    const second = await orchestrator.submit();
    const assignment = await orchestrator.assignment(workerId);
    await orchestrator.acknowledge(workerId, assignment);
    const manifest = await orchestrator.manifest(assignment);
    const { assignment_id, fence } = assignment;
    for (let seconds = 0; seconds < 40; seconds += 2) {
      await orchestrator.clock.advance(2_000);
      await orchestrator.post(`/heartbeat/${workerId}`, { assignments: [{ assignment_id, fence }] });
    }
    expect(orchestrator.objects.stagedCount).toBe(1);
    await orchestrator.report(workerId, 'completed', assignment, { manifest });
    for (const staged of manifestOutputs(manifest))
      await orchestrator.objects.publish({ bucket: 'results', prefix: 'out/' }, staged);
    await orchestrator.report(workerId, 'published', assignment);
    await orchestrator.jobWhen(second.id, ({ state }) => state === 'completed');
  });
});

describe('workers that could go home', () => {
  it('G9: stay while what a cancelled job has accepted is still being published', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_WHEN_DONE: 'shutdown' });
    const [busy, idle] = [await orchestrator.register(), await orchestrator.register()];
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    const assignment = await orchestrator.assignment(busy);
    const manifest = await orchestrator.manifest(assignment);
    await orchestrator.report(busy, 'completed', assignment, { manifest });
    await orchestrator.post(`/api/v1/jobs/${job.id}/cancel`);
    const ask = async () => (await orchestrator.get<AssignmentAnswer>(`/assignment/${idle}`)).body.assignment;
    expect(await ask()).toBeNull();
    for (const staged of manifestOutputs(manifest))
      await orchestrator.objects.publish({ bucket: 'results', prefix: 'out/' }, staged);
    await orchestrator.report(busy, 'published', assignment);
    expect(await ask()).toMatchObject({ shutdown: true });
  });
});

describe('a dead letter that is redriven while the report is written', () => {
  it('is in the report', async () => {
    let reports = 0;
    let goOn: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => (goOn = resolve));
    const plugin = aPlugin(
      {},
      {
        async *summarize({ records }): AsyncIterable<ReportFile> {
          reports += 1;
          const keys: string[] = [];
          for await (const { objectKey } of records()) keys.push(objectKey);
          if (reports === 1) await waits;
          yield { name: 'report.txt', content: [keys.sort().join(' ')] };
        },
      },
    );
    await using orchestrator = await OrchestratorOnFakes.start({}, [plugin]);
    const workerId = await orchestrator.register();
    orchestrator.putImages('a', 'b');
    const job = await orchestrator.submit({
      batching: { maxObjects: 1 },
      policy: { maxAttempts: 1, toleratedDead: 1 },
    });
    const finish = async (assignment: Assignment) => {
      const manifest = await orchestrator.manifest(assignment);
      for (const entry of manifest.entries) entry.record = { seen: true };
      await orchestrator.report(workerId, 'completed', assignment, { manifest });
      for (const staged of manifestOutputs(manifest))
        await orchestrator.objects.publish({ bucket: 'results', prefix: 'out/' }, staged);
      await orchestrator.report(workerId, 'published', assignment);
    };
    const bad = await orchestrator.assignment(workerId);
    await orchestrator.report(workerId, 'failed', bad, { code: 'command-failed', error: 'No.' });
    await finish(await orchestrator.assignment(workerId));
    await orchestrator.jobWhen(job.id, () => reports === 1);
    await orchestrator.post(`/api/v1/jobs/${job.id}/redrive`);
    await finish(await orchestrator.assignment(workerId));
    goOn();
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'completed');
    expect(orchestrator.objects.content('results', 'out/report.txt')?.toString()).toBe('in/a in/b');
  });
});
