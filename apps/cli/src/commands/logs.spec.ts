import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { failure, summaryOf } from '@longshore/core';
import { taskAnswer, type AttemptAnswer } from '@longshore/core/protocol';
import { aTask } from '@longshore/core/testing';
import { ServedApi } from '../testing/served-api.js';
import { typed, until } from '../testing/typed.js';

describe('the logs of a job', () => {
  let api: ServedApi;
  beforeEach(async () => {
    api = await ServedApi.start();
    api.tasks = [];
    await task('a', [attempt(1, 'failed', 'a1\n'), attempt(2, 'completed', 'a2 one\na2 two\n')]);
    await task('b', [attempt(1, 'completed', 'b1\n'), attempt(2, 'running')]);
    await task('c', []);
  });
  afterEach(() => api[Symbol.asyncDispose]());

  let ends = 0;
  const attempt = (number: number, outcome: AttemptAnswer['outcome'], log?: string): AttemptAnswer => ({
    number,
    worker_id: 'ann',
    outcome,
    started_at: new Date(0).toISOString(),
    ...(outcome === 'failed' && { failure: failure('command-failed', 'It broke.') }),
    ...(outcome !== 'running' && { ended_at: new Date((ends += 1_000)).toISOString() }),
    ...(log !== undefined && { log }),
  });
  const task = async (id: string, attempts: AttemptAnswer[]) => {
    api.tasks = [
      ...api.tasks.filter((one) => one.id !== id),
      taskAnswer(summaryOf(aTask({ id, jobId: 'job', fence: attempts.length }))),
    ];
    api.attempts.set(id, attempts);
  };
  const tells = (id: string, task_id: string) =>
    api.tell(id, 'task', { job_id: 'job', task_id, state: 'completed', attempt: 1 });
  const logs = (...args: string[]) => typed(['logs', 'last', '--url', api.url, ...args]);

  it('are printed with the task before each line, and how each attempt went is said beside them', async () => {
    const { stdout, stderr, code } = await logs();
    expect(stdout).toBe('a.1 | a1\na.2 | a2 one\na.2 | a2 two\nb.1 | b1\n');
    expect(stderr).toMatch(/^task a, attempt 1 on worker ann: failed after 1 s, command-failed: It broke\.\n/);
    expect(code).toBe(0);
  });

  it('are asked for only of tasks that were tried', async () => {
    await logs();
    expect(api.asked.filter((asked) => asked.includes('/tasks/c'))).toEqual([]);
  });

  it.each([
    [['--task', 'a'], 'a1\na2 one\na2 two\n'],
    [['--task', 'a', '--attempt', '1'], 'a1\n'],
    [['--attempt', '2'], 'a.2 | a2 one\na.2 | a2 two\n'],
    [['--failed'], 'a.1 | a1\n'],
  ])('can be narrowed down: %j', async (args, expected) => {
    expect((await logs('--quiet', ...args)).stdout).toBe(expected);
  });

  it('are JSON lines where that is asked for', async () => {
    const { stdout } = await logs('--json', '--failed');
    expect(JSON.parse(stdout)).toMatchObject({ task_id: 'a', number: 1, outcome: 'failed', log: 'a1\n' });
  });

  it('of a task of another job are refused', async () => {
    api.tasks.push(taskAnswer(summaryOf(aTask({ id: 'far', jobId: 'other' }))));
    await expect(logs('--task', 'far')).rejects.toMatchObject({ code: 'task-not-found' });
  });

  it('say so when there are none, or nothing was printed', async () => {
    expect((await logs('--attempt', '9')).stderr).toBe('There is no such attempt that has ended.\n');
    api.tasks = [];
    expect((await logs()).stderr).toBe('No attempt of this job has ended yet.\n');
    await task('a', [attempt(1, 'completed', '')]);
    expect((await logs('--task', 'a')).stderr).toBe('Attempts that printed nothing: 1.\n');
  });

  it('are followed to the end of the job: each once, also what is told in numbers, or while nobody listens', async () => {
    const { stdout } = await typed(['logs', 'last', '-f', '--quiet', '--url', api.url], async (so) => {
      await until(() => so().stdout.includes('b1'));
      await task('b', [...(api.attempts.get('b') ?? []).slice(0, 1), attempt(2, 'completed', 'b2\n')]);
      tells('first-1', 'b');
      await until(() => so().stdout.includes('b2'));
      tells('first-2', 'b');
      await task('c', [attempt(1, 'failed', 'c1\n')]);
      api.tell('first-3', 'tasks', { job_id: 'job', count: 99 });
      await until(() => so().stdout.includes('c1'));
      api.breakStreams();
      await task('d', [attempt(1, 'completed', 'd1\n')]);
      await until(() => so().stdout.includes('d1'));
      api.job = { ...api.job, state: 'completed' };
    });
    expect(stdout).toBe(
      ['a.1 | a1', 'a.2 | a2 one', 'a.2 | a2 two', 'b.1 | b1', 'b.2 | b2', 'c.1 | c1', 'd.1 | d1', ''].join('\n'),
    );
  });

  it('of one task are followed until it is done', async () => {
    const { stdout } = await typed(['logs', 'job', '-f', '--task', 'b', '--quiet', '--url', api.url], async (so) => {
      await until(() => so().stdout.includes('b1'));
      api.attempts.set('b', [attempt(2, 'completed', 'b2\n')]);
      api.tasks = [taskAnswer(summaryOf(aTask({ id: 'b', jobId: 'job', state: 'completed', fence: 2 })))];
      tells('first-1', 'b');
    });
    expect(stdout).toBe('b1\nb2\n');
  });
});
