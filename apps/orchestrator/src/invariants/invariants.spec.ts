import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { InvariantsAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('the question whether the invariants hold', () => {
  let orchestrator: OrchestratorOnFakes;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  /** A job with one object that is done. */
  async function finishedJob(): Promise<string> {
    orchestrator.putImages('a.tif');
    const job = await orchestrator.submit();
    const worker = await orchestrator.register();
    const assignment = await orchestrator.assignment(worker);
    const manifest = await orchestrator.manifest(assignment);
    await orchestrator.report(worker, 'completed', assignment, { manifest });
    const location = { bucket: 'results', prefix: 'out/' };
    for (const { outputs } of manifest.entries) {
      for (const output of outputs) await orchestrator.objects.publish(location, output);
    }
    await orchestrator.report(worker, 'published', assignment);
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'completed');
    return job.id;
  }

  async function ask(query = ''): Promise<InvariantsAnswer> {
    return (await orchestrator.get<InvariantsAnswer>(`/api/v1/admin/invariants?exclusive=true${query}`)).body;
  }

  it('is answered with every invariant, of one job and of all', async () => {
    const id = await finishedJob();
    const answer = await ask();
    expect(answer).toMatchObject({ holds: true, jobs: 1 });
    expect(answer.invariants.map((invariant) => invariant.id)).toEqual(['I1', 'I2', 'I4', 'I5', 'I6', 'I7', 'I11']);
    expect(await ask(`&job=${id}`)).toEqual(answer);
  });

  it('I6: is answered with no where an output is gone, and where something else is there', async () => {
    await finishedJob();
    orchestrator.objects.remove('results', 'out/a.tif.out');
    orchestrator.objects.put('results', 'out/stranger', Buffer.from('x'));
    const answer = await ask();
    expect(answer.holds).toBe(false);
    expect(answer.invariants.filter(({ holds }) => !holds)).toEqual([
      expect.objectContaining({
        id: 'I6',
        count: 2,
        violations: [expect.stringMatching(/a.tif.out.*is not there/), expect.stringMatching(/stranger.*nobody knows/)],
      }),
    ]);
    expect(await ask('&outputs=none')).toMatchObject({ holds: true });
  });

  it('is refused for a job that nobody knows, and for a depth that nobody knows', async () => {
    const question = '/api/v1/admin/invariants';
    expect(await orchestrator.get(`${question}?job=none`)).toMatchObject({ status: 404 });
    expect(await orchestrator.get(`${question}?outputs=some`)).toMatchObject({ status: 400 });
  });
});
