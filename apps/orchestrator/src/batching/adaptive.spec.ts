import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { InvariantsAnswer, JobAnswer, PageAnswer, PlanAnswer, TaskAnswer } from '@longshore/core/protocol';
import type { Assignment } from '@longshore/core/protocol';
import { workerOf } from '../testing/earlier-job.js';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

const names = (count: number) => Array.from({ length: count }, (_, index) => `${String(index).padStart(4, '0')}.png`);
const batching = { targetSeconds: 60 };

let orchestrator: OrchestratorOnFakes;
let workerId: string;

beforeEach(async () => {
  orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_WHEN_DONE: 'wait' });
  workerId = await workerOf(orchestrator);
});
afterEach(() => orchestrator[Symbol.asyncDispose]());

/** Works like an honest worker that needs so long for each object, and says so. */
async function work(secondsEach: number): Promise<Assignment> {
  const assignment = await orchestrator.assignment(workerId);
  await orchestrator.acknowledge(workerId, assignment);
  const manifest = await orchestrator.manifest(assignment);
  const run = secondsEach * 1_000 * assignment.objects.length;
  const details = { manifest, stage_ms: { fetch: 0, run, stage: 0 } };
  await orchestrator.report(workerId, 'completed', assignment, details);
  const location = { bucket: assignment.output_bucket, prefix: assignment.output_prefix };
  for (const { outputs } of manifest.entries) {
    for (const output of outputs) await orchestrator.objects.publish(location, output);
  }
  await orchestrator.report(workerId, 'published', assignment);
  return assignment;
}

const job = async (id: string) => (await orchestrator.get<JobAnswer>(`/api/v1/jobs/${id}`)).body;
const sentences = async (id: string) =>
  (await orchestrator.get<{ sentences: string[] }>(`/api/v1/jobs/${id}/explain`)).body.sentences.join('\n');
const expectSound = async (id: string) => {
  const { body } = await orchestrator.get<InvariantsAnswer>(`/api/v1/admin/invariants?job=${id}`);
  expect(body.invariants.filter(({ holds }) => !holds)).toEqual([]);
};

describe('a job whose tasks are cut by time', () => {
  it('is done to its end: tries first, then as long as is wanted, and small ones last', async () => {
    orchestrator.putImages(...names(400));
    const { id } = await orchestrator.submit({ batching });
    expect(await job(id)).toMatchObject({ objects: { available: 400 }, batching: { ...batching, minObjects: 1 } });
    const sizes: number[] = [];
    const keys: string[] = [];
    while ((await job(id)).objects.available > 0) {
      const { objects } = await work(2);
      sizes.push(objects.length);
      keys.push(...objects.map(({ key }) => key));
      if (sizes.length < 4) expect((await job(id)).objects.completed).toBe(keys.length);
      if (sizes.length % 4 === 0) await expectSound(id);
    }
    expect(keys).toEqual(names(400).map((name) => `in/${name}`));
    expect(sizes[0]).toBe(1);
    expect(Math.max(...sizes)).toBeGreaterThan(20);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(31);
    expect(sizes.at(-1)).toBeLessThan(5);
    const ended = await orchestrator.jobWhen(id, ({ state }) => state === 'completed');
    expect(ended).toMatchObject({ completed_tasks: sizes.length, total_tasks: sizes.length });
    await expectSound(id);
  });

  it('knows its speed and what is uncut after a restart', async () => {
    orchestrator.putImages(...names(300));
    const { id } = await orchestrator.submit({ batching });
    for (let turn = 0; turn < 6; turn += 1) await work(2);
    await orchestrator.restart();
    const before = await job(id);
    expect(before.state).toBe('running');
    expect((await work(2)).objects.length).toBeGreaterThan(8);
    await expectSound(id);
  });

  it('counts what is uncut as waiting, says how long it takes, and cancels it with the job', async () => {
    orchestrator.putImages(...names(120));
    const { id } = await orchestrator.submit({ batching });
    expect(await sentences(id)).toContain('120 objects wait for a free slot');
    expect(await sentences(id)).toContain('not known before the first is done');
    await work(2);
    expect(await sentences(id)).toMatch(/what waits takes about .* of one slot/);
    await orchestrator.post(`/api/v1/jobs/${id}/pause`);
    expect(await orchestrator.get(`/assignment/${workerId}?wait=0`)).toMatchObject({ body: { assignment: null } });
    await orchestrator.post(`/api/v1/jobs/${id}/resume`);
    await work(2);
    await orchestrator.post(`/api/v1/jobs/${id}/cancel`);
    const ended = await orchestrator.jobWhen(id, ({ objects }) => objects.available === 0);
    expect(ended.state).toBe('cancelled');
    expect(ended.objects.completed + ended.objects.cancelled).toBe(120);
    await expectSound(id);
  });

  it('splits, sets aside and redrives what was cut as any other task', async () => {
    orchestrator.putImages(...names(9));
    const request = { batching: { ...batching, minObjects: 3 }, policy: { maxAttempts: 1, retryDelaySeconds: 0 } };
    const { id } = await orchestrator.submit(request);
    const poisoned = 'in/0001.png';
    for (;;) {
      const { objects } = await job(id);
      if (objects.available === 0) break;
      const assignment = await orchestrator.assignment(workerId);
      if (assignment.objects.some(({ key }) => key === poisoned)) {
        await orchestrator.acknowledge(workerId, assignment);
        await orchestrator.report(workerId, 'failed', assignment, { error: 'broken', code: 'command-failed' });
      } else {
        await orchestrator.finish(workerId, assignment);
      }
    }
    const failed = await orchestrator.jobWhen(id, ({ state }) => state === 'failed');
    expect(failed).toMatchObject({ objects: { completed: 8, dead: 1 } });
    await expectSound(id);
    await orchestrator.post(`/api/v1/jobs/${id}/redrive`);
    await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
    expect(await orchestrator.jobWhen(id, ({ state }) => state === 'completed')).toMatchObject({
      objects: { completed: 9 },
    });
  });

  it('is planned as far as it is known: the first tasks, and not how many there will be', async () => {
    orchestrator.putImages(...names(50));
    const request = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/' };
    const { body } = await orchestrator.post<PlanAnswer>('/api/v1/plans', {
      ...request,
      batching: { ...batching, minObjects: 2 },
    });
    expect(body).toMatchObject({ target_seconds: 60, run: { objects: 50 } });
    expect(body.run).not.toHaveProperty('tasks');
    expect(body.first_tasks.map(({ position, object_count }) => [position, object_count])).toEqual([
      [0, 2],
      [2, 2],
      [4, 2],
    ]);
    expect(body).not.toHaveProperty('last_task');
  });

  it('shows what waits uncut among its tasks, before and after', async () => {
    orchestrator.putImages(...names(8));
    const { id } = await orchestrator.submit({ batching });
    const tasks = async () => (await orchestrator.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${id}/tasks`)).body.items;
    expect(await tasks()).toMatchObject([{ state: 'available', object_count: 8 }]);
    await orchestrator.assignment(workerId);
    expect(await tasks()).toMatchObject([
      { state: 'leased', object_count: 1 },
      { state: 'available', object_count: 7 },
    ]);
  });

  it.each([
    [{ minObjects: 4 }, 'batching.minObjects says nothing without batching.targetSeconds'],
    [{ ...batching, minObjects: 9, maxObjects: 3 }, 'batching.minObjects is 9 and batching.maxObjects is 3'],
    [{ ...batching, maxObjects: 20_000 }, 'none has more than 10000 objects'],
    [{ targetSeconds: 500 }, 'A task would aim at 500 seconds and be ended after 600'],
  ])('refuses %j, and says why', async (said, why) => {
    const request = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/', batching: said };
    const { status, body } = await orchestrator.post<{ detail: string; code: string }>('/api/v1/jobs', request);
    expect(status).toBe(400);
    expect(body.code).toBe('invalid-request');
    expect(JSON.stringify(body)).toContain(why);
  });
});
