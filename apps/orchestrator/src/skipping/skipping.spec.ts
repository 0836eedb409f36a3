import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { csvReport, type JobPlugin } from '@longshore/core';
import type { ExplainAnswer, ManifestLine } from '@longshore/core/protocol';
import { aPlugin } from '@longshore/core/testing';
import { recordNames, runJob, workerOf } from '../testing/earlier-job.js';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

let orchestrator: OrchestratorOnFakes;
let plugins: JobPlugin[];
let workerId: string;

/** Its report lists every object that is done. */
const reporting = aPlugin(
  {},
  {
    async *summarize(job) {
      const keys: string[] = [];
      for await (const { relativeKey } of job.records()) keys.push(relativeKey);
      yield { name: 'report.txt', content: [`${keys.sort().join(' ')}\n`] };
    },
  },
);

beforeEach(async () => {
  plugins = [reporting];
  orchestrator = await OrchestratorOnFakes.start({}, plugins);
  workerId = await workerOf(orchestrator);
  orchestrator.putImages('a', 'b', 'c');
});

afterEach(() => orchestrator[Symbol.asyncDispose]());

const run = (changes = {}) => runJob(orchestrator, workerId, changes);
const put = (key: string, content: string) => orchestrator.objects.put('results', key, Buffer.from(content));

describe('a second job over the same prefix', () => {
  it('F24: runs nothing, says so, and leaves no record', async () => {
    const first = await run();
    expect(first).toMatchObject({ ran: ['in/a', 'in/b', 'in/c'], job: { objects_done_before: 0, state: 'completed' } });
    const records = recordNames(orchestrator);
    expect(records).toEqual([expect.stringMatching(/^out\/\.longshore\/manifests\/\w+Z-\S+\.jsonl$/)]);
    const second = await run();
    expect(second).toMatchObject({
      ran: [],
      job: { state: 'completed', objects_done_before: 3, objects_skipped: 0, objects: { completed: 3 } },
    });
    expect(recordNames(orchestrator)).toEqual(records);
    const { body } = await orchestrator.get<ExplainAnswer>(`/api/v1/jobs/${second.job.id}/explain`);
    expect(body.sentences).toContain(
      '3 objects were done before: earlier jobs did them with the same parameters and image.',
    );
    expect((await orchestrator.news(2)).length).toBe(2);
    expect(orchestrator.notifier.sent.at(-1)?.text).toMatch(/3 of all were done before this job/);
  });

  it('F24: runs what has changed, came, or lost its output, and tells where the rest is from', async () => {
    const first = await run();
    orchestrator.objects.put('images', 'in/a', Buffer.from('another'));
    orchestrator.objects.remove('results', 'out/b.out');
    orchestrator.putImages('d');
    const second = await run();
    expect(second.ran).toEqual(['in/a', 'in/b', 'in/d']);
    const text = await orchestrator.text(`/api/v1/jobs/${second.job.id}/manifest`);
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ManifestLine);
    const from = lines.map(({ key, carried_from: carried }) => [key, carried]).sort();
    expect(from).toEqual([
      ['in/a', undefined],
      ['in/b', undefined],
      ['in/c', first.job.id],
      ['in/d', undefined],
    ]);
    expect((await run()).ran).toEqual([]);
    const { body } = await orchestrator.get<{ holds: boolean }>('/api/v1/admin/invariants');
    expect(body).toMatchObject({ holds: true });
  });

  it('F25: runs what was written over, by whomever, even where the size is the same', async () => {
    await run();
    const before = orchestrator.objects.content('results', 'out/a.out')!;
    put('out/a.out', 'x'.repeat(before.length));
    expect((await run()).ran).toEqual(['in/a']);
  });

  it('runs everything when it is told to, and what that made counts from then on', async () => {
    await run();
    expect((await run({ skip: { by: 'none' } })).ran).toEqual(['in/a', 'in/b', 'in/c']);
    expect((await run()).ran).toEqual([]);
  });

  it('F24: runs everything for another image, version or plugin, and nothing once that has done it', async () => {
    await run();
    await orchestrator.post(`/status/${workerId}`, { status: 'shutting-down' });
    workerId = await workerOf(orchestrator, `sha256:${'1'.repeat(64)}`);
    const { job } = await orchestrator
      .post<{ id: string }>('/api/v1/plans', {
        plugin: 'echo',
        input: 's3://images/in/',
        output: 's3://results/out/',
      })
      .then(({ body }) => ({ job: body }));
    expect(job).toMatchObject({ reasons: [{ reason: 'image-differs', objects: 3 }], done_before: 0 });
    plugins.splice(0, 1, { ...reporting, version: '2.0.0' });
    await orchestrator.restart();
    expect((await run()).ran).toEqual(['in/a', 'in/b', 'in/c']);
  });

  it('does not wait for a worker where the image decides nothing', async () => {
    await run();
    await orchestrator.post(`/status/${workerId}`, { status: 'shutting-down' });
    plugins.splice(0, 1, { ...reporting, version: '2.0.0' });
    await orchestrator.restart();
    expect(await orchestrator.submit()).toMatchObject({ scan: 'done', objects: { available: 3 } });
  });

  it('waits for a worker where the image decides, and says so', async () => {
    await run();
    await orchestrator.post(`/status/${workerId}`, { status: 'shutting-down' });
    const request = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/' };
    const { body: job } = await orchestrator.post<{ id: string }>('/api/v1/jobs', request);
    const explained = async () =>
      (await orchestrator.get<ExplainAnswer>(`/api/v1/jobs/${job.id}/explain`)).body.sentences.join(' ');
    while (!(await explained()).includes('The listing waits for a worker'))
      await new Promise((go) => setTimeout(go, 5));
    workerId = await workerOf(orchestrator);
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'completed');
    expect(await explained()).not.toMatch(/waits for a worker/);
  });

  it('F25: runs everything where the workers that are here do not say their image', async () => {
    await run();
    await orchestrator.post(`/status/${workerId}`, { status: 'shutting-down' });
    workerId = await orchestrator.register();
    expect((await run()).ran).toEqual(['in/a', 'in/b', 'in/c']);
  });
});

describe('records beside the outputs', () => {
  it('F25: are ignored line by line where they are damaged or foreign', async () => {
    await run();
    const [name = ''] = recordNames(orchestrator);
    const [first = '', second = '', third = ''] = orchestrator.objects.content('results', name)!.toString().split('\n');
    put(name, ['not json', first, '{"schema":2}', second.slice(0, 40), third, '\u0000'].join('\n'));
    put(`${name}.bak`, second);
    expect((await run()).ran).toEqual(['in/b']);
  });

  it('are no input of another job', async () => {
    await run();
    const { ran, job } = await run({ input: 's3://results/', output: 's3://images/copies/' });
    expect(ran).toEqual(['out/a.out', 'out/b.out', 'out/c.out', 'out/report.txt']);
    expect(job.objects_skipped).toBe(1);
  });

  it('F24: are left by a job that is cancelled, and by an orchestrator that stops', async () => {
    for (const end of ['cancel', 'restart'] as const) {
      const job = await orchestrator.submit({ batching: { maxObjects: 1 }, output: `s3://results/${end}/` });
      const assignment = await orchestrator.assignment(workerId);
      await orchestrator.finish(workerId, assignment);
      if (end === 'restart') await orchestrator.restart();
      else {
        await orchestrator.post(`/api/v1/jobs/${job.id}/cancel`);
        await orchestrator.clock.advance(20_000);
      }
      const isRecord = (key: string) => key.startsWith(`${end}/.longshore/`);
      while (!orchestrator.objects.keys('results').some(isRecord)) await new Promise((go) => setTimeout(go, 5));
      const [name = ''] = orchestrator.objects.keys('results').filter(isRecord);
      const lines = orchestrator.objects.content('results', name)!.toString().trim().split('\n');
      expect(lines.map((line) => (JSON.parse(line) as { key: string }).key)).toEqual(assignment.file_names);
    }
  });
});

describe('a report', () => {
  it('is whole after one object of three was run, byte for byte', async () => {
    plugins.splice(0, 1, {
      ...reporting,
      async *summarize(job) {
        yield await csvReport('report.csv', ['length'], job);
      },
    });
    await orchestrator.restart();
    await run({ skip: { by: 'none' } });
    const whole = orchestrator.objects.content('results', 'out/report.csv');
    expect(whole?.toString().trim().split('\n')).toHaveLength(4);
    orchestrator.objects.remove('results', 'out/c.out');
    put('out/report.csv', 'gone');
    expect((await run()).ran).toEqual(['in/c']);
    expect(orchestrator.objects.content('results', 'out/report.csv')).toEqual(whole);
  });
});

describe('a job that looks at outputs', () => {
  const skip = { by: 'outputs' };

  it('F24: leaves out what is there, whoever made it, and another with the same stem does not hide it', async () => {
    orchestrator.putImages('x/00009.jpg', 'y/00009.jpg');
    put('out/x/00009.jpg.out', 'made by somebody else');
    put('out/a.out', '');
    const { ran, job } = await run({ skip });
    expect(ran).toEqual(['in/a', 'in/b', 'in/c', 'in/y/00009.jpg']);
    expect(job).toMatchObject({ objects_done_before: 1, objects_skipped: 1, objects: { completed: 4 } });
    expect(orchestrator.objects.content('results', 'out/report.txt')).toBeUndefined();
  });

  it('does nothing well when everything is there', async () => {
    for (const name of ['a', 'b', 'c']) put(`out/${name}.out`, 'made');
    expect(await run({ skip })).toMatchObject({
      ran: [],
      job: { state: 'completed', objects_done_before: 3, objects: { completed: 0 } },
    });
  });

  it('refuses options that say nothing', async () => {
    for (const wrong of [{ by: 'manifest', count: 1 }, { by: 'sometimes' }, { by: 'outputs', minBytes: -1 }]) {
      const request = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/', skip: wrong };
      expect(await orchestrator.post('/api/v1/jobs', request)).toMatchObject({ status: 400 });
    }
  });
});

describe('a plugin that works on groups', () => {
  it('F24: runs a group whole when one of it has changed, came or went', async () => {
    plugins.splice(0, 1, aPlugin({ groupBy: ({ relativeKey }) => relativeKey[0]! }));
    await orchestrator.restart();
    for (const name of ['a', 'b', 'c']) orchestrator.objects.remove('images', `in/${name}`);
    orchestrator.putImages('p1', 'p2', 'q1', 'q2', 'r1', 'r2', 's1');
    await run();
    expect((await run()).ran).toEqual([]);
    orchestrator.objects.put('images', 'in/p2', Buffer.from('another'));
    orchestrator.objects.remove('images', 'in/q1');
    orchestrator.putImages('s2');
    expect((await run()).ran).toEqual(['in/p1', 'in/p2', 'in/q2', 'in/s1', 'in/s2']);
    expect((await run()).ran).toEqual([]);
  });
});
