import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { aJob, aJobSpec, aLeasedTask, aTask, builtAt } from '../testing/builders.js';
import { failure } from '../words/failure.js';
import { summaryOf } from '../words/task-summary.js';
import { parseLocation } from '../words/location.js';
import { attemptAnswer, CreateJobRequest, jobAnswer, PageQuery, taskAnswer, TaskPageQuery } from './index.js';

const begin = '2026-01-01T00:00:00.000Z';
const failed = failure('no-objects', 'There is nothing to do.');

describe('a job as it is answered', () => {
  it('names its places as people write them and its times in UTC', () => {
    const spec = aJobSpec({ input: parseLocation('/data/a b #1') });
    const answer = jobAnswer(aJob({ spec, startedAt: builtAt + 1, endedAt: builtAt + 61_000, failure: failed }));
    expect(answer).toMatchObject({
      id: 'job',
      plugin: 'echo',
      input: '/data/a b #1',
      output: 's3://results/out/',
      created_at: begin,
      started_at: '2026-01-01T00:00:00.001Z',
      ended_at: '2026-01-01T00:01:01.000Z',
      failure: failed,
    });
  });

  it('says nothing of what has not happened', () => {
    const answer = jobAnswer(aJob());
    for (const field of ['started_at', 'ended_at', 'failure']) expect(answer).not.toHaveProperty(field);
  });
});

describe('a task as it is answered', () => {
  it('names its files, and its worker while it has one', () => {
    const answer = taskAnswer(summaryOf(aLeasedTask({ failure: failed, endedAt: builtAt })));
    expect(answer).toMatchObject({
      id: 'task',
      job_id: 'job',
      state: 'leased',
      file_names: ['in/object-000000'],
      fence: 1,
      worker_id: 'worker',
      failure: failed,
      created_at: begin,
      ended_at: begin,
    });
    for (const field of ['worker_id', 'ended_at', 'failure'])
      expect(taskAnswer(summaryOf(aTask()))).not.toHaveProperty(field);
  });

  it('tells of its attempts', () => {
    const attempt = { taskId: 'task', number: 2, workerId: 'worker', outcome: 'running', startedAt: builtAt } as const;
    expect(attemptAnswer(attempt)).toEqual({ number: 2, worker_id: 'worker', outcome: 'running', started_at: begin });
    const ended = { ...attempt, outcome: 'failed', endedAt: builtAt, failure: failed } as const;
    expect(attemptAnswer(ended)).toMatchObject({ outcome: 'failed', ended_at: begin, failure: failed });
  });
});

describe('a request of a person', () => {
  const faults = (type: new () => object, body: unknown): string[] =>
    validateSync(plainToInstance(type, body), { whitelist: true, forbidNonWhitelisted: true }).map(
      ({ property }) => property,
    );
  const job = { plugin: 'echo', input: '/in', output: 's3://out' };

  it('needs plugin, input and output, and may say much more', () => {
    expect(faults(CreateJobRequest, job)).toEqual([]);
    const batching = { maxObjects: 5, maxBytes: 1_000 };
    const policy = { maxAttempts: 1, retryDelaySeconds: 0.5, toleratedDead: 0 };
    const more = { params: { a: 1 }, include: ['*.png'], exclude: [], batching, policy };
    expect(faults(CreateJobRequest, { ...job, ...more })).toEqual([]);
  });

  it.each<[string, new () => object, unknown]>([
    ['plugin', CreateJobRequest, { ...job, plugin: '' }],
    ['input', CreateJobRequest, { ...job, input: 7 }],
    ['output', CreateJobRequest, { ...job, output: undefined }],
    ['include', CreateJobRequest, { ...job, include: '*.png' }],
    ['params', CreateJobRequest, { ...job, params: 'x=1' }],
    ['batching', CreateJobRequest, { ...job, batching: { maxObjects: 0 } }],
    ['batching', CreateJobRequest, { ...job, batching: { size: 1 } }],
    ['policy', CreateJobRequest, { ...job, policy: { maxAttempts: 101 } }],
    ['priority', CreateJobRequest, { ...job, priority: 1 }],
    ['limit', PageQuery, { limit: '501' }],
    ['limit', PageQuery, { limit: 'all' }],
    ['state', TaskPageQuery, { state: 'lost' }],
  ])('is refused by name for a faulty %s', (field, type, body) => {
    expect(faults(type, body)).toEqual([field]);
  });
});
