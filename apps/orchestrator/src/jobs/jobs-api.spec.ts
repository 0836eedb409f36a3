import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aPlugin } from '@longshore/core/testing';
import type { JobAnswer, PageAnswer, TaskAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes, type Answer } from '../testing/orchestrator-on-fakes.js';

describe('the jobs API', () => {
  let orchestrator: OrchestratorOnFakes;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const create = (changes: Record<string, unknown>, headers = {}): Promise<Answer<JobAnswer>> =>
    orchestrator.post(
      '/api/v1/jobs',
      { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/', ...changes },
      headers,
    );

  it('says that it is well', async () => {
    expect(await orchestrator.get('/healthz')).toEqual({ status: 200, body: { status: 'ok' } });
  });

  it.each([
    ['an unknown plugin', { plugin: 'ecco' }, /no plugin "ecco"/],
    ['an unknown field', { plugins: 'echo' }, /plugins should not exist/],
    ['an unknown parameter', { params: { colour: 'red' } }, /colour should not exist/],
    [
      'a wrong nested field',
      { batching: { maxObjects: 0 } },
      /batching.maxObjects: maxObjects must not be less than 1/,
    ],
    ['an empty pattern', { include: ['*.png', ''] }, /each value in include must be longer than or equal to 1/],
    ['a location nobody can read', { input: 'ftp://somewhere' }, /ftp:\/\/somewhere/],
    ['the same place for input and output', { output: 's3://images/in' }, /both s3:\/\/images\/in\//],
  ])('refuses %s with the field and stores nothing', async (_, changes, sentence) => {
    const { status, body } = await create(changes);
    expect({ status, detail: (body as unknown as { detail: string }).detail }).toEqual({
      status: 400,
      detail: expect.stringMatching(sentence),
    });
    expect((await orchestrator.get<PageAnswer<JobAnswer>>('/api/v1/jobs')).body.items).toEqual([]);
  });

  it.each([
    ['broken JSON', '{"plugin":', 400],
    ['a body of another shape', '[]', 400],
    ['a name that reaches into the machinery', '{"policy":{"constructor":{}}}', 400],
  ])('answers %s with problem details', async (_, text, status) => {
    const answer = await orchestrator.post('/api/v1/jobs', text);
    expect(answer).toMatchObject({
      status,
      body: { code: 'invalid-request', type: 'urn:longshore:error:invalid-request' },
    });
  });

  it('gives the same job for the same idempotency key', async () => {
    const first = await create({}, { 'idempotency-key': 'once' });
    const second = await create({}, { 'idempotency-key': 'once' });
    const third = await create({}, { 'idempotency-key': 'twice' });
    expect(second.body.id).toBe(first.body.id);
    expect(third.body.id).not.toBe(first.body.id);
  });

  it('lists in pages', async () => {
    orchestrator.putImages('a', 'b', 'c');
    const job = await orchestrator.submit({ batching: { maxObjects: 1 } });
    const page = await orchestrator.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${job.id}/tasks?limit=2`);
    const rest = await orchestrator.get<PageAnswer<TaskAnswer>>(
      `/api/v1/jobs/${job.id}/tasks?limit=2&after=${page.body.next}`,
    );
    expect([...page.body.items, ...rest.body.items].map((task) => task.file_names)).toEqual([
      ['in/a'],
      ['in/b'],
      ['in/c'],
    ]);
    expect(rest.body.next).toBeUndefined();
    expect(await orchestrator.get(`/api/v1/jobs/${job.id}/tasks?limit=501`)).toMatchObject({ status: 400 });
    expect(await orchestrator.get('/api/v1/jobs/none')).toMatchObject({ status: 404 });
    expect(await orchestrator.get('/api/v1/jobs/none/tasks')).toMatchObject({ status: 404 });
    expect(await orchestrator.get('/nowhere')).toMatchObject({ status: 404, body: { code: 'route-not-found' } });
  });

  it('ends a job without objects as failed, and says what was seen', async () => {
    const job = await orchestrator.submit();
    expect(await orchestrator.jobWhen(job.id, (found) => found.state === 'failed')).toMatchObject({
      failure: { code: 'no-objects' },
    });
  });

  it('fails a job whose input does not exist', async () => {
    const job = await orchestrator.submit({ input: 's3://nowhere/in/' });
    expect(job).toMatchObject({ state: 'failed', failure: { code: 'location-not-found' } });
    expect(await orchestrator.news(1)).toEqual([expect.stringContaining(`job-failed:${job.id}:`)]);
  });

  it('tells people once that a job has ended', async () => {
    const job = await orchestrator.submit();
    await orchestrator.jobWhen(job.id, (found) => found.state === 'failed');
    await orchestrator.news(1);
    await orchestrator.restart();
    expect(await orchestrator.news(1)).toEqual([expect.stringContaining(`job-failed:${job.id}:`)]);
  });
});

describe('planning', () => {
  it('refuses the second owner of an output and names both, and lets everybody else through', async () => {
    const outputs = ({ relativeKey }: { relativeKey: string }) => [relativeKey.replace(/\.[^.]*$/, '.out')];
    await using orchestrator = await OrchestratorOnFakes.start({}, [aPlugin({ outputs })]);
    orchestrator.putImages('a.png', 'b.png', 'x.png', 'x.tif');
    const job = await orchestrator.submit();
    expect(job).toMatchObject({ objects: { available: 3, dead: 1 } });
    const { body } = await orchestrator.get(`/api/v1/jobs/${job.id}/tasks?state=dead`);
    const message = expect.stringContaining('"in/x.png" and "in/x.tif" would both write the output "x.out"');
    expect(body).toMatchObject({ items: [{ file_names: ['in/x.tif'], failure: { message } }] });
  });

  it('finds a collision with an output that needed no claim before', async () => {
    const outputs = ({ relativeKey }: { relativeKey: string }) =>
      relativeKey === 'thief' ? ['a.out'] : [`${relativeKey}.out`];
    await using orchestrator = await OrchestratorOnFakes.start({}, [aPlugin({ outputs })]);
    orchestrator.putImages('a', 'b', 'thief', 'z');
    const job = await orchestrator.submit();
    const { body } = await orchestrator.get(`/api/v1/jobs/${job.id}/tasks?state=dead`);
    expect(body).toMatchObject({ items: [{ file_names: ['in/thief'] }] });
    expect(job).toMatchObject({ objects: { available: 3, dead: 1 } });
  });

  it('takes no result of the job itself for an input', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    orchestrator.putImages('a', 'out/earlier.out');
    const job = await orchestrator.submit({ output: 's3://images/in/out/' });
    expect(job).toMatchObject({ objects: { available: 1 }, objects_skipped: 1 });
  });

  it('keeps a file and the folder of the same name in different tasks', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    orchestrator.putImages('a', 'a/b', 'c');
    const job = await orchestrator.submit();
    const { body } = await orchestrator.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${job.id}/tasks`);
    expect(body.items.map((task) => task.file_names)).toEqual([['in/a'], ['in/a/b', 'in/c']]);
  });

  it('sets aside an object whose hook throws, and no other', async () => {
    const outputs = ({ relativeKey }: { relativeKey: string }) => {
      if (relativeKey === 'bad') throw new Error('no idea');
      return [`${relativeKey}.out`];
    };
    await using orchestrator = await OrchestratorOnFakes.start({}, [aPlugin({ outputs })]);
    orchestrator.putImages('bad', 'good');
    const job = await orchestrator.submit();
    expect(job).toMatchObject({ objects: { available: 1, dead: 1 } });
  });

  it('sets aside an object whose group cannot be told, and no other', async () => {
    const groupBy = ({ relativeKey }: { relativeKey: string }) => {
      if (relativeKey === 'bad') throw new Error('no idea');
      return 'all';
    };
    await using orchestrator = await OrchestratorOnFakes.start({}, [aPlugin({ groupBy })]);
    orchestrator.putImages('bad', 'good');
    expect(await orchestrator.submit()).toMatchObject({ objects: { available: 1, dead: 1 } });
  });

  it('keeps groups whole', async () => {
    const groupBy = ({ relativeKey }: { relativeKey: string }) => relativeKey.slice(-1);
    await using orchestrator = await OrchestratorOnFakes.start({}, [aPlugin({ groupBy })]);
    orchestrator.putImages('a-1', 'b-2', 'c-1', 'd-2');
    const job = await orchestrator.submit({ batching: { maxObjects: 2 } });
    const { body } = await orchestrator.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${job.id}/tasks`);
    expect(body.items.map((task) => task.file_names)).toEqual([
      ['in/a-1', 'in/c-1'],
      ['in/b-2', 'in/d-2'],
    ]);
  });
});
