import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { manifestOutputs, type ReportedManifest } from '@longshore/core';
import type { Assignment, JobAnswer, StatusAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('an attempt that ends early', () => {
  let orchestrator: OrchestratorOnFakes;
  let workerId: string;
  let job: JobAnswer;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
    workerId = await orchestrator.register();
    orchestrator.putImages('a', 'b', 'c', 'd');
    job = await orchestrator.submit({ policy: { retryDelaySeconds: 0 } });
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const finishedOf = async (assignment: Assignment, ...names: string[]): Promise<ReportedManifest> => {
    const objects = assignment.objects.filter(({ key }) => names.includes(key.slice('in/'.length)));
    return orchestrator.manifest({ ...assignment, objects });
  };
  const failWith = (assignment: Assignment, manifest: unknown) =>
    orchestrator.report(workerId, 'failed', assignment, { code: 'command-failed', error: 'Exit code 7.', manifest });
  const counts = async () => (await orchestrator.jobWhen(job.id, () => true)).objects;

  it('keeps what it finished, and only the rest is tried again', async () => {
    const assignment = await orchestrator.assignment(workerId);
    const finished = await finishedOf(assignment, 'a', 'b', 'd');
    const { body } = await failWith(assignment, finished);
    const { kept } = body as unknown as StatusAnswer;
    expect(await counts()).toMatchObject({ accepted: 3, available: 1 });

    for (const output of manifestOutputs(finished)) {
      await orchestrator.objects.publish({ bucket: 'results', prefix: 'out/' }, output);
    }
    const published = await orchestrator.post(`/status/${workerId}`, { status: 'published', ...kept });
    expect(published.status).toBe(200);
    expect(await counts()).toMatchObject({ completed: 3, available: 1 });

    const rest = await orchestrator.assignment(workerId);
    expect(rest.file_names).toEqual(['in/c']);
    await orchestrator.finish(workerId, rest);
    expect(await orchestrator.jobWhen(job.id, ({ state }) => state !== 'running')).toMatchObject({
      state: 'completed',
      objects: { completed: 4, dead: 0 },
    });
  });

  it('is published by the orchestrator when its worker dies before it could', async () => {
    const assignment = await orchestrator.assignment(workerId);
    await failWith(assignment, await finishedOf(assignment, 'a', 'b'));
    await orchestrator.clock.advance(20_000);
    await orchestrator.jobWhen(job.id, ({ objects }) => objects.completed === 2);
    expect(orchestrator.objects.content('results', 'out/a.out')).toBeDefined();
  });

  it('keeps what a worker that has to go has finished', async () => {
    const assignment = await orchestrator.assignment(workerId);
    const manifest = await finishedOf(assignment, 'a');
    await orchestrator.report(workerId, 'released', assignment, { reason: 'it received SIGTERM', manifest });
    expect(await counts()).toMatchObject({ accepted: 1, available: 3 });
  });

  it.each([
    ['names an object of another task', 'stranger'],
    ['lacks an output', 'lacking'],
    ['holds all objects of a command that failed', 'whole'],
    ['holds nothing', 'empty'],
  ])('keeps nothing of a manifest that %s', async (_, kind) => {
    const assignment = await orchestrator.assignment(workerId);
    const whole = await finishedOf(assignment, 'a', 'b', 'c', 'd');
    const [first, ...others] = whole.entries;
    const entries = {
      stranger: [{ ...first, objectKey: 'in/z' }],
      lacking: [{ ...first, outputs: [] }],
      whole: [first, ...others],
      empty: [],
    }[kind as 'stranger'];
    const { status, body } = await failWith(assignment, { ...whole, entries });
    expect([status, body]).toEqual([200, { message: 'recorded' }]);
    expect(await counts()).toMatchObject({ accepted: 0, available: 4 });
  });

  it('F20: one bad object of sixteen leaves fifteen done and one dead, with its key, its reason and its log', async () => {
    orchestrator.putImages(...Array.from({ length: 16 }, (_, index) => `more/${String(index).padStart(2, '0')}`));
    const input = 's3://images/in/more/';
    const policy = { retryDelaySeconds: 0, maxAttempts: 2 };
    job = await orchestrator.submit({ input, output: 's3://results/more/', batching: { maxObjects: 16 }, policy });
    const idle = await orchestrator.register();
    for (let tries = 0; tries < 100; tries += 1) {
      const { body } = await orchestrator.get<{ assignment: Assignment | null }>(`/assignment/${idle}`);
      if (!body.assignment) break;
      const { assignment } = body;
      if (assignment.job_id !== job.id || !assignment.file_names.includes('in/more/09')) {
        await orchestrator.finish(idle, assignment);
        continue;
      }
      const details = { code: 'command-failed', error: 'Exit code 3.', log: 'cannot read 09' };
      await orchestrator.report(idle, 'failed', assignment, details);
    }
    const ended = await orchestrator.jobWhen(job.id, ({ state }) => state === 'failed');
    expect(ended.objects).toMatchObject({ completed: 15, dead: 1 });
    const { body } = await orchestrator.get(`/api/v1/jobs/${job.id}/tasks?state=dead`);
    expect(body).toMatchObject({
      items: [{ file_names: ['in/more/09'], failure: { code: 'command-failed', log: 'cannot read 09' } }],
    });
  });
});
