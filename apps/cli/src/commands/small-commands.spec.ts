import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { emptyCounts, failure, summaryOf } from '@longshore/core';
import { taskAnswer, workerSummary } from '@longshore/core/protocol';
import { aTask, aWorker } from '@longshore/core/testing';
import { ServedApi } from '../testing/served-api.js';
import { typed } from '../testing/typed.js';

describe('commands that ask once', () => {
  let api: ServedApi;
  beforeEach(async () => {
    api = await ServedApi.start();
  });
  afterEach(() => api[Symbol.asyncDispose]());
  const type = (...args: string[]) => typed([...args, '--url', api.url]);

  it.each([
    [['retry', 'last'], 'tasks that wait no longer: 2\n'],
    [['retry', 'last', '--quiet'], '2\n'],
    [['redrive', 'last'], 'objects tried again: 1\n'],
    [['redrive', 'last', '--quiet'], '1\n'],
    [['pause', 'last'], 'job is running\n'],
    [['pause', 'last', '--quiet'], 'job\n'],
    [['jobs', '--quiet'], 'job\n'],
    [['tasks', 'last', '--quiet'], 'task\n'],
    [['explain', 'last'], 'It waits.\n'],
    [['manifest', 'last'], '{"key":"a"}\n'],
    [['workers', '--quiet'], ''],
  ])('%j print %j', async (args, stdout) => {
    expect(await type(...args)).toMatchObject({ stdout, stderr: '' });
  });

  it.each(['redrive', 'retry', 'resume'])(
    '%s --wait stays until the job has ended, and tells by its code how',
    async (verb) => {
      api.answers.set(`POST /api/v1/jobs/job/${verb}`, () => {
        const counts = { tasks: emptyCounts(), bytes: emptyCounts(), objects: { ...emptyCounts(), dead: 1 } };
        api.job = { ...api.job, state: 'completed', counts };
        return { ...api.job, redriven: 1, refused: 0, hastened: 1 };
      });
      expect(await type(verb, 'last', '--wait', '--quiet')).toEqual({ code: 3, stdout: 'job\n', stderr: '' });
    },
  );

  it('say what else may be meant where nothing waits but objects are set aside', async () => {
    const objects = { ...emptyCounts(), dead: 4 };
    api.job = { ...api.job, counts: { ...api.job.counts, objects } };
    api.answers.set('POST /api/v1/jobs/job/retry', () => ({ hastened: 0 }));
    const { stderr } = await type('retry', 'last');
    expect(stderr).toBe('No task waits for its delay. 4 objects are set aside: longshore redrive job\n');
  });

  it('say that a redrive has found nothing to try again, and where to look', async () => {
    api.answers.set('POST /api/v1/jobs/job/redrive', () => ({ redriven: 0, refused: 0 }));
    const { stdout, stderr } = await type('redrive', 'last', '--key', 'nope.png');
    expect(stdout).toBe('objects tried again: 0\n');
    expect(stderr).toBe('No dead letter is meant by that; see those there are: longshore dead job\n');
  });

  it('show dead letters, and say on the other stream what may be done about them', async () => {
    const why = failure('command-failed', 'It broke.');
    api.tasks = [taskAnswer(summaryOf(aTask({ id: 'task', jobId: 'job', state: 'dead', failure: why })))];
    const { stdout, stderr } = await type('dead', 'last');
    expect(stdout).toContain('It broke.');
    expect(stdout).not.toContain('redrive');
    expect(stderr).toContain('longshore redrive job; where an input was replaced, submit the job again instead.');
  });

  it('show a task with its objects and why it is where it is', async () => {
    api.answers.set('GET /api/v1/tasks/task/objects?limit=20', () => ({
      items: [{ key: 'a\u001b.tif', size_bytes: 3 }],
    }));
    expect((await type('task', 'task')).stdout).toMatch(/^It waits\.\nobjects: 1\n {2}a\\x1b\.tif {2}3 B\n/);
    expect(JSON.parse((await type('task', 'task', '--json')).stdout)).toMatchObject({
      id: 'task',
      explanation: ['It waits.'],
    });
  });

  it('list tasks a page at a time, and say how to go on', async () => {
    const [task] = api.tasks;
    api.answers.set('GET /api/v1/jobs/job/tasks?limit=1&state=dead&after=5.6', () => ({ items: [task], next: '7.8' }));
    const { stdout, stderr } = await type('tasks', 'last', '--state', 'dead', '--limit', '1', '--after', '5.6');
    expect(stdout).toMatch(/^task {2}available {2}/);
    expect(stderr).toBe('There are more: --after 7.8\n');
  });

  describe('draining a worker', () => {
    const worker = (id: string, hostname: string) => workerSummary(aWorker({ id, hostname }), [], 0);
    beforeEach(() => {
      const items = [worker('0199-a', 'one'), worker('0199-b', 'two'), worker('0200-c', 'two')];
      api.answers.set('GET /api/v1/workers?limit=500', () => ({ items }));
      for (const name of ['one', 'two', '0200', '0199', 'gone', '02']) {
        api.answers.set(`POST /api/v1/workers/${name}/drain`, () => undefined);
      }
      for (const one of items) api.answers.set(`POST /api/v1/workers/${one.id}/drain`, () => one);
    });

    it.each([
      ['0199-a', '0199-a'],
      ['one', '0199-a'],
      ['0200', '0200-c'],
    ])('takes %s for %s', async (name, id) => {
      expect((await type('drain', name, '--quiet')).stdout).toBe(`${id}\n`);
    });

    it('asks which, where it may be several', async () => {
      await expect(type('drain', 'two')).rejects.toMatchObject({ remedy: 'Say which by its id: 0199-b, 0200-c.' });
      await expect(type('drain', '0199')).rejects.toMatchObject({ message: '"0199" may be one of 2 workers.' });
    });

    it.each(['gone', '02'])('takes %s for nobody', async (name) => {
      await expect(type('drain', name)).rejects.toMatchObject({ code: 'worker-unknown' });
    });
  });
});
