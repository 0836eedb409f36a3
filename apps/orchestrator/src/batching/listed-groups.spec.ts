import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JobPlugin } from '@longshore/core';
import { aPlugin } from '@longshore/core/testing';
import type { JobAnswer, PageAnswer, PlanAnswer, TaskAnswer, TaskDetailAnswer } from '@longshore/core/protocol';
import { runJob, workerOf } from '../testing/earlier-job.js';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

const plugin: JobPlugin = aPlugin({
  objectsOfGroup: ({ plate, well }) => ({ prefix: `${String(plate)}/${String(well)}_` }),
});
const groups = [
  { variables: { well: 'A02' } },
  { variables: { well: 'A01' } },
  { variables: { plate: 'P2' }, objects: ['P2/*.png'] },
];
const job = { groups, variables: { plate: 'P1', pipeline: 'x; rm -rf /' }, batching: { maxObjects: 1 } };

let orchestrator: OrchestratorOnFakes;
let workerId: string;

beforeEach(async () => {
  orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_WHEN_DONE: 'wait' }, [plugin]);
  workerId = await workerOf(orchestrator);
  orchestrator.putImages(
    'P1/A01_1.png',
    'P1/A01_2.png',
    'P1/A02_1.png',
    'P2/any.png',
    'P2/deep/none.png',
    'readme.txt',
  );
});
afterEach(() => orchestrator[Symbol.asyncDispose]());

const tasksOf = async ({ id }: { id: string }) =>
  (await orchestrator.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${id}/tasks`)).body.items;
const plan = async (changes: Record<string, unknown> = {}) => {
  const request = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/', ...job, ...changes };
  return (await orchestrator.post<PlanAnswer>('/api/v1/plans', request)).body;
};

describe('a job that lists its groups', () => {
  it('is one task for each, whose command is told the values, and leaves out what belongs to none', async () => {
    const submitted = await orchestrator.submit(job);
    expect(submitted).toMatchObject({ group_count: 3, variables: job.variables, objects_skipped: 2 });
    const tasks = await tasksOf(submitted);
    expect(tasks.map(({ group, file_names }) => [group, file_names])).toEqual([
      [2, ['in/P1/A01_1.png', 'in/P1/A01_2.png']],
      [1, ['in/P1/A02_1.png']],
      [3, ['in/P2/any.png']],
    ]);
    const detail = await orchestrator.get<TaskDetailAnswer>(`/api/v1/tasks/${tasks[2]?.id}`);
    expect(detail.body.variables).toEqual({ plate: 'P2' });
    const told = [];
    for (const _ of tasks) {
      const assignment = await orchestrator.assignment(workerId);
      told.push(assignment.variables);
      await orchestrator.finish(workerId, assignment);
    }
    const { plate, pipeline } = job.variables;
    expect(told).toEqual([
      { plate, pipeline, well: 'A01' },
      { plate, pipeline, well: 'A02' },
      { plate: 'P2', pipeline },
    ]);
    expect((await orchestrator.jobWhen(submitted.id, ({ state }) => state === 'completed')).completed_tasks).toBe(3);
  });

  it('tries a group again as a whole, sets it aside as a whole, and redrives it with its values', async () => {
    const { id } = await orchestrator.submit({ ...job, policy: { maxAttempts: 2, retryDelaySeconds: 0 } });
    const fences: number[] = [];
    for (let tries = 0; tries < 2; tries += 1) {
      const assignment = await orchestrator.assignment(workerId);
      expect(assignment.objects).toHaveLength(2);
      const whole = await orchestrator.manifest(assignment);
      const manifest = { ...whole, entries: whole.entries.slice(0, 1) };
      fences.push(assignment.fence);
      await orchestrator.acknowledge(workerId, assignment);
      await orchestrator.report(workerId, 'failed', assignment, { error: 'broken', code: 'command-failed', manifest });
    }
    expect(fences).toEqual([1, 2]);
    expect((await tasksOf({ id }))[0]).toMatchObject({ state: 'dead', group: 2, object_count: 2 });
    await orchestrator.restart();
    expect(await orchestrator.post(`/api/v1/jobs/${id}/redrive`)).toMatchObject({ body: { redriven: 2 } });
    expect(await orchestrator.assignment(workerId)).toMatchObject({ variables: { well: 'A01' }, fence: 3 });
  });

  it('runs nothing where a group has no object or an object has two groups, and names them all', async () => {
    const unfit = { groups: [...groups, { variables: { well: 'H12' } }, { objects: ['P2/a*'] }] };
    const failed = await orchestrator.submit({ ...job, ...unfit });
    expect(failed).toMatchObject({ state: 'failed', total_tasks: 0, failure: { code: 'groups-unfit' } });
    for (const said of [
      'No object belongs to group 4 (well=H12), whose objects are those that begin with "P1/H12_".',
      'The object "P2/any.png" belongs to group 3 (plate=P2) and to group 5.',
    ]) {
      expect(failed.failure?.message).toContain(said);
      expect((await plan(unfit)).unfit).toContain(said);
    }
  });

  it('sets a group aside as a whole where one of its objects is refused', async () => {
    orchestrator.putImages('P1/A01_../x.png', `P1/A01_${'x'.repeat(300)}`);
    const tasks = await tasksOf(await orchestrator.submit(job));
    expect(tasks.map(({ group, state, object_count }) => [group, state, object_count])).toEqual([
      [2, 'dead', 4],
      [1, 'available', 1],
      [3, 'available', 1],
    ]);
    expect(tasks[0]?.failure?.code).toBe('name-refused');
  });

  it('does a group again when a value or a member is another, and no other group', async () => {
    const run = (changes: Record<string, unknown> = {}) => runJob(orchestrator, workerId, { ...job, ...changes });
    expect((await run()).ran).toHaveLength(4);
    expect((await run()).ran).toEqual([]);
    const [first, ...others] = groups;
    const changed = { groups: [{ variables: { ...first?.variables, threshold: 2 } }, ...others] };
    expect((await run(changed)).ran).toEqual(['in/P1/A02_1.png']);
    orchestrator.putImages('P1/A01_3.png');
    expect(await plan(changed)).toMatchObject({ run: { objects: 3, tasks: 1 }, first_tasks: [{ group: 2 }] });
    expect((await run({ groups: undefined, variables: undefined, include: ['P1/A02*'] })).ran).toHaveLength(1);
  });

  it('is the same job only with the same groups', async () => {
    const request = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/', ...job };
    const send = (more: Record<string, unknown> = {}) =>
      orchestrator.post<JobAnswer>('/api/v1/jobs', { ...request, ...more }, { 'idempotency-key': 'k' });
    const first = await send();
    expect((await send()).body.id).toBe(first.body.id);
    expect(await send({ groups: groups.slice(1) })).toMatchObject({ status: 422, body: { code: 'request-differs' } });
  });
});

describe('groups that cannot be taken', () => {
  it.each<[string, Record<string, unknown>, string, string]>([
    ['no list', { groups: {} }, '/groups', 'must be a list'],
    ['none', { groups: [] }, '/groups', 'at least one'],
    ['a field nobody knows', { groups: [{ variable: {} }] }, '/groups', 'groups.0.variable: nobody knows'],
    ['a value that is no text', { groups: [{ variables: { a: '\0' } }] }, '/groups', 'groups.0.variables.a'],
    ['patterns of nothing', { groups: [{ objects: [] }] }, '/groups', 'groups.0.objects'],
    ['variables alone', { variables: { a: 1 } }, '/variables', 'lists no groups'],
    ['values that are none', { groups, variables: [] }, '/variables', 'names and values'],
  ])('are refused: %s', async (_, changes, pointer, detail) => {
    const request = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/', ...changes };
    const { status, body } = await orchestrator.post<{ errors: unknown[] }>('/api/v1/jobs', request);
    expect(status).toBe(400);
    expect(body.errors).toContainEqual({ pointer, detail: expect.stringContaining(detail) });
  });

  it('are those of which neither the job nor the plugin says what belongs to them', async () => {
    await using plain = await OrchestratorOnFakes.start({}, [aPlugin()]);
    const request = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/' };
    expect(await plain.post('/api/v1/jobs', { ...request, groups: [{ objects: ['a'] }, {}] })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/groups/1' }] },
    });
  });
});
