import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { emptyCounts, failure, type Job } from '@longshore/core';
import { jobEvent } from '@longshore/core/protocol';
import { ServedApi } from '../testing/served-api.js';
import { typed, until } from '../testing/typed.js';

describe('watching a job', () => {
  let api: ServedApi;
  beforeEach(async () => {
    api = await ServedApi.start();
  });
  afterEach(() => api[Symbol.asyncDispose]());

  const changed = (changes: Partial<Job>, id = 'first-1') => {
    api.job = { ...api.job, ...changes };
    api.tell(id, 'job', jobEvent(api.job));
  };
  const counts = (objects: Partial<Job['counts']['objects']>) => ({
    tasks: emptyCounts(),
    bytes: emptyCounts(),
    objects: { ...emptyCounts(), ...objects },
  });
  const watch = (...args: string[]) => ['watch', 'last', '--url', api.url, ...args];

  it('prints a line for each change, without escape codes, and ends with the job', async () => {
    const cause = {
      id: 'g',
      code: 'command-failed',
      pattern: 'It … broke.',
      example: 'It \u001b[31mbroke.',
      failed_attempts: 1,
      dead_objects: 0,
    };
    api.job = { ...api.job, counts: counts({ available: 4 }) };
    const { code, stdout, stderr } = await typed(watch(), async (so) => {
      await until(() => so().stdout.includes('0 of 4 objects'));
      api.answers.set('GET /api/v1/jobs/job/failures?limit=4', () => ({ items: [cause] }));
      changed({ state: 'paused', failure: failure('access-denied', 'No\u0007 entry.') });
      await until(() => so().stdout.includes('resume'));
      const { failure: _mended, ...job } = api.job;
      api.job = { ...job, state: 'completed', counts: counts({ completed: 4 }) };
      api.tell('first-2', 'job', jobEvent(api.job));
    });
    expect(stdout.split('\n')).toEqual([
      'job job is running',
      `no worker serves ${api.job.spec.plugin}; start one with: longshore worker --plugin ${api.job.spec.plugin}`,
      '0 of 4 objects done, 0 running',
      'job job is paused: No\\x07 entry.',
      'run it on with: longshore resume job',
      'new failure: command-failed: It \\x1b[31mbroke.',
      'job job is completed',
      expect.stringMatching(/^completed: 4 of 4 objects done/),
      '',
    ]);
    expect([code, stderr]).toEqual([0, '']);
  });

  it.each([
    ['completed', {}, 0],
    ['completed', { dead: 1 }, 3],
    ['cancelled', {}, 1],
  ] as const)('ends with the exit code of a job that is %s with %j: %i', async (state, objects, code) => {
    api.job = { ...api.job, state, counts: counts(objects) };
    expect(await typed(watch('--quiet'))).toEqual({ code, stdout: 'job\n', stderr: '' });
  });

  it.each([['watch'], ['retry', '--wait']])(
    'tells how fast the job goes now, and not since it began years ago: %s %s',
    async (name, ...options) => {
      api.job = { ...api.job, counts: counts({ completed: 3, available: 4 }) };
      const numbers = { job_id: 'job', objects_per_second: 2.5, seconds_left: 2 };
      api.answers.set('GET /api/v1/jobs/job/analytics', () => numbers);
      const { stdout, stderr } = await typed([name, 'last', ...options, '--url', api.url], async (so) => {
        await until(() => `${so().stdout}${so().stderr}`.includes('of 7 objects'));
        changed({ state: 'completed' });
      });
      expect(stdout + stderr).toContain('3 of 7 objects done, 0 running, 2.5 a second, about 2 s left\n');
    },
  );

  it('goes on behind the last event when the connection is lost', async () => {
    const { stdout, stderr } = await typed(watch('--json'), async (so) => {
      await until(() => so().stdout.includes('"connected"'));
      api.tell('first-5', 'task', { job_id: 'job', task_id: 'task', state: 'leased', attempt: 1 });
      await until(() => so().stdout.includes('first-5'));
      api.breakStreams();
      await until(() => api.lastIds.length === 2);
      changed({ state: 'completed' }, 'first-6');
    });
    expect(api.lastIds).toEqual([undefined, 'first-5']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; id?: string });
    expect(lines.map(({ event }) => event)).toEqual(['connected', 'job', 'task', 'lost', 'connected', 'job', 'end']);
    expect(lines.at(-1)).toMatchObject({ data: { id: 'job', state: 'completed' } });
    expect(stderr).toBe('');
  });

  it('outlives an orchestrator that is away for a while', async () => {
    const { code, stdout, stderr } = await typed(watch(), async (so) => {
      await until(() => so().stdout.includes('is running'));
      await api.die();
      await until(() => so().stderr.includes('lost'));
      api.job = { ...api.job, state: 'completed' };
      await api.listen();
    });
    expect(code).toBe(0);
    expect(stdout).toContain('job job is completed\n');
    expect(stderr).toMatch(/^The connection is lost; asking again and again\.\n(The connection is there again\.\n)?$/);
  });

  it('asks again and again where there are no events', async () => {
    api.hasEvents = false;
    api.answers.set('GET /api/v1/jobs/job/events', () => '<html>a proxy</html>');
    const { code } = await typed(watch('--quiet'), async () => {
      const looks = () => api.asked.filter((asked) => asked === 'GET /api/v1/jobs/job').length;
      await until(() => looks() > 2);
      api.job = { ...api.job, state: 'completed' };
    });
    expect(code).toBe(0);
  });

  it('ends at once when there is no such job', async () => {
    await expect(typed(['watch', 'other', '--url', api.url])).rejects.toMatchObject({ code: 'job-not-found' });
  });

  it.each([['watch'], ['logs', '-f'], ['redrive', '--wait'], ['retry', '--wait'], ['resume', '--wait']])(
    'is left by Ctrl-C with 130, and the job goes on: %s %s',
    async (name, ...options) => {
      const others = process.listeners('SIGINT').length;
      const { code, stderr } = await typed([name, 'last', ...options, '--url', api.url], async (so) => {
        const looked = () => api.asked.filter((asked) => asked === 'GET /api/v1/jobs/job').length > 1;
        await until(() => looked() && process.listeners('SIGINT').length > others && so().code === undefined);
        process.emit('SIGINT');
      });
      expect(code).toBe(130);
      expect(stderr).toContain('The job goes on. See it: longshore watch job. End it: longshore cancel job.\n');
      expect(api.asked.filter((asked) => asked.includes('cancel'))).toEqual([]);
      expect(process.listeners('SIGINT').length).toBe(others);
    },
  );
});
