import { describe, expect, it } from '@jest/globals';
import { LongshoreError, type JobPlugin, type ListOptions, type Location, type ObjectRef } from '@longshore/core';
import { aPlugin, MemoryObjectStore } from '@longshore/core/testing';
import type { JobAnswer, PageAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { until } from '../testing/until.js';

const environment = {
  CONFIG_BUCKET: 'main',
  LONGSHORE_PLUGIN: 'echo',
  LONGSHORE_PUBLIC_URL: 'http://10.0.0.5:8480',
  BATCH_SIZE: '2',
  ACK_TIMEOUT: '30',
};
const key = 'configuration/config.json';
const description = {
  input_bucket: 'images',
  input_prefix: 'in',
  output_bucket: 'results',
  output_prefix: 'out',
};

/** A store that cannot be listed for so many times. */
class TroubledObjects extends MemoryObjectStore {
  constructor(private readonly troubles: LongshoreError[]) {
    super();
    for (const name of ['images', 'results', 'main']) this.createBucket(name);
  }

  override async *list(location: Location, options?: ListOptions): AsyncIterable<ObjectRef[]> {
    const trouble = location.bucket === 'main' ? this.troubles.shift() : undefined;
    if (trouble) throw trouble;
    yield* super.list(location, options);
  }
}

function start(
  content: unknown,
  { troubles = [], plugins }: { troubles?: LongshoreError[]; plugins?: JobPlugin[] } = {},
): Promise<OrchestratorOnFakes> {
  const prepare = (orchestrator: OrchestratorOnFakes) => {
    orchestrator.objects = new TroubledObjects(troubles);
    describeJob(orchestrator, content);
    orchestrator.putImages('a', 'b', 'c');
  };
  return OrchestratorOnFakes.prepared(environment, prepare, plugins);
}

function describeJob(orchestrator: OrchestratorOnFakes, content: unknown): void {
  if (content === undefined) return;
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  orchestrator.objects.put('main', key, Buffer.from(text));
  // Neighbours that a careless look would take for it.
  for (const name of [`${key}.old`, 'configuration/config.jsom', 'configuration/config', 'configuration/a']) {
    orchestrator.objects.put('main', name, Buffer.from('{}'));
  }
}

async function jobs(orchestrator: OrchestratorOnFakes): Promise<JobAnswer[]> {
  return (await orchestrator.get<PageAnswer<JobAnswer>>('/api/v1/jobs')).body.items;
}

const isReady = async (orchestrator: OrchestratorOnFakes) => (await orchestrator.get('/readyz')).status === 200;

async function onlyJob(orchestrator: OrchestratorOnFakes): Promise<JobAnswer> {
  await until(() => isReady(orchestrator), 'ready');
  const [job, ...others] = await jobs(orchestrator);
  expect(others).toEqual([]);
  return orchestrator.jobWhen(job?.id ?? '', ({ scan }) => scan === 'done');
}

async function finishAll(orchestrator: OrchestratorOnFakes): Promise<void> {
  const workerId = await orchestrator.register();
  for (let tasks = 0; tasks < 2; tasks += 1) {
    await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
  }
}

describe('a job by configuration alone', () => {
  it('is submitted as its description and the variables say', async () => {
    await using orchestrator = await start(description);
    const job = await onlyJob(orchestrator);
    expect(job).toMatchObject({
      plugin: 'echo',
      input: 's3://images/in/',
      output: 's3://results/out/',
      tasks: { available: 2 },
      objects: { available: 3 },
    });
    expect((await orchestrator.store.findJob(job.id))?.spec.policy).toMatchObject({ ackTimeoutSeconds: 30 });
  });

  it('H2: is submitted once, however often the orchestrator is started, also with a new version of its plugin', async () => {
    const plugins = [aPlugin()];
    await using orchestrator = await start(description, { plugins });
    const { id } = await onlyJob(orchestrator);
    plugins.splice(0, 1, aPlugin({}, { version: '2.0.0' }));
    orchestrator.environment = { ...orchestrator.environment, BATCH_SIZE: '3' };
    for (let restarts = 0; restarts < 3; restarts += 1) await orchestrator.restart();
    const again = await onlyJob(orchestrator);
    expect(again).toMatchObject({ id, plugin_version: '1.0.0' });
    await finishAll(orchestrator);
    await orchestrator.jobWhen(id, ({ state }) => state === 'completed');
    await orchestrator.restart();
    expect((await onlyJob(orchestrator)).id).toBe(id);
    expect(orchestrator.failures).toEqual([]);
  });

  it('H2: is one job when the process dies between its decision and its submission, whatever changes meanwhile', async () => {
    await using orchestrator = await start(description);
    const { id } = await onlyJob(orchestrator);
    // As it is when the process dies before it has noted the id of the job.
    await orchestrator.store.changeRecord('configured-job', (found) => {
      const { jobId: _forgotten, ...record } = found ?? {};
      return { record };
    });
    describeJob(orchestrator, { ...description, input_prefix: 'other' });
    await orchestrator.restart();
    expect(await onlyJob(orchestrator)).toMatchObject({ id, input: 's3://images/in/' });
  });

  it('is a job of its own, whatever key somebody else has used for one of theirs', async () => {
    await using orchestrator = await start(description);
    const { id } = await onlyJob(orchestrator);
    await finishAll(orchestrator);
    await orchestrator.jobWhen(id, ({ state }) => state === 'completed');
    const theirs = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/theirs/' };
    await orchestrator.post('/api/v1/jobs', theirs, { 'idempotency-key': 'configured 2' });
    describeJob(orchestrator, { ...description, run: 'again' });
    await orchestrator.restart();
    await until(() => isReady(orchestrator), 'ready');
    expect((await jobs(orchestrator)).map(({ output }) => output).sort()).toEqual([
      's3://results/out/',
      's3://results/out/',
      's3://results/theirs/',
    ]);
  });

  it('H2: goes on as it was submitted when its description changes, is broken or gone meanwhile', async () => {
    await using orchestrator = await start(description);
    const { id } = await onlyJob(orchestrator);
    for (const content of [{ ...description, output_prefix: 'elsewhere' }, '{ half']) {
      describeJob(orchestrator, content);
      await orchestrator.restart();
      expect(await onlyJob(orchestrator)).toMatchObject({ id, output: 's3://results/out/' });
    }
    orchestrator.objects.remove('main', key);
    await orchestrator.restart();
    await finishAll(orchestrator);
    await orchestrator.jobWhen(id, ({ state }) => state === 'completed');
    expect(orchestrator.failures).toEqual([]);
  });

  it.each([{ output_prefix: 'elsewhere' }, { run: 'second' }])(
    'H2: is a new one when its description has changed and the earlier one has ended: %j',
    async (change) => {
      await using orchestrator = await start(description);
      const first = await onlyJob(orchestrator);
      await finishAll(orchestrator);
      await orchestrator.jobWhen(first.id, ({ state }) => state === 'completed');
      describeJob(orchestrator, { ...description, ...change });
      for (let restarts = 0; restarts < 2; restarts += 1) {
        await orchestrator.restart();
        await until(async () => (await jobs(orchestrator)).length === 2, 'a second job');
      }
      expect((await jobs(orchestrator)).map(({ id }) => id)).toContain(first.id);
    },
  );

  it('H2: does not end a process that has a job already when the description of the next is wrong', async () => {
    await using orchestrator = await start(description);
    const { id } = await onlyJob(orchestrator);
    await finishAll(orchestrator);
    await orchestrator.jobWhen(id, ({ state }) => state === 'completed');
    describeJob(orchestrator, 'no JSON');
    await orchestrator.restart();
    const problem = async () => (await orchestrator.get<{ detail?: string }>('/readyz')).body.detail ?? '';
    await until(async () => (await problem()).includes('invalid-configuration'), 'a readiness that says why');
    expect(orchestrator.failures).toEqual([]);
  });

  it.each([
    ['is missing', undefined, /There is no object s3:\/\/main\/configuration\/config\.json.*CONFIG_KEY/],
    ['is no JSON', '{ half', /s3:\/\/main\/configuration\/config\.json is no JSON/],
    ['is far too large', ' '.repeat(70_000), /has 70000 bytes, which is too large/],
    ['names a bucket that cannot be', { ...description, input_bucket: 'No_Bucket' }, /No_Bucket/],
    [
      'writes where it reads',
      { ...description, output_bucket: 'images', output_prefix: 'in' },
      /both s3:\/\/images\/in/,
    ],
  ])('H2: ends the process with a sentence when its first description %s', async (_, content, sentence) => {
    await using orchestrator = await start(content);
    await until(() => orchestrator.failures.length > 0, 'a failure');
    expect(orchestrator.failures[0]).toMatchObject({
      failureClass: 'config',
      sentence: expect.stringMatching(sentence),
    });
    expect(await jobs(orchestrator)).toEqual([]);
  });

  it('F16: ends the process with a sentence when its description may not be read', async () => {
    const denied = new LongshoreError('access-denied', 's3://main cannot be listed: AccessDenied.');
    await using orchestrator = await start(description, { troubles: [denied] });
    await until(() => orchestrator.failures.length > 0, 'a failure');
    expect(orchestrator.failures).toEqual([denied]);
  });

  it('F13: waits through trouble of the storage, says so when it is asked, and sends no worker home', async () => {
    const slow = () => new LongshoreError('storage-failed', 's3://main cannot be listed: SlowDown.');
    await using orchestrator = await start(description, { troubles: [slow(), slow(), slow()] });
    const workerId = await orchestrator.register();
    const saysWhy = async () => {
      const { status, body } = await orchestrator.get<{ code?: string; detail?: string }>('/readyz');
      return status === 503 && body.code === 'not-ready' && body.detail?.includes('storage-failed') === true;
    };
    await until(saysWhy, 'a readiness that says why');
    expect((await orchestrator.get<{ detail: string }>('/readyz')).body.detail).not.toContain('main');
    expect((await orchestrator.get('/healthz')).status).toBe(200);
    expect((await orchestrator.get(`/assignment/${workerId}`)).body).toEqual({ assignment: null });
    for (let tries = 0; tries < 10 && !(await isReady(orchestrator)); tries += 1) {
      await until(() => orchestrator.clock.sleeping > 0, 'asleep');
      await orchestrator.clock.advance(60_000);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect((await onlyJob(orchestrator)).objects.available).toBe(3);
    expect(orchestrator.failures).toEqual([]);
  });
});
