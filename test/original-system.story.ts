/** The original system, whole: one machine leads, two of Spot work, one of them is taken away, a mail comes and everybody goes home. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Worker } from '@longshore/core';
import { AwsProxy, freePort, type MetadataServer } from '@longshore/adapters/testing';
import type { JobAnswer, PageAnswer } from '@longshore/core/protocol';
import { Aws, urlParameter } from './support/aws.js';
import { containersOf } from './support/containers.js';
import { eventually, longshore, repository, startProgram, type Environment, type Process } from './support/process.js';
import { filesBelow, Sandbox } from './support/sandbox.js';

const images = join(repository, 'examples', 'nuclei', 'images');
const name = `original-${process.pid}-`;

describe('the original system', () => {
  let sandbox: Sandbox;
  let aws: Aws;
  let proxy: AwsProxy;
  const started: Process[] = [];

  beforeAll(async () => {
    sandbox = await Sandbox.open();
    aws = await Aws.start();
    proxy = await AwsProxy.before(aws.url);
    await aws.verifySender('longshore@example.org');
    for (const bucket of ['lab-config', 'lab-in', 'lab-out']) await aws.s3.createBucket(bucket);
    for (const image of await readdir(images)) {
      await aws.s3.put('lab-in', `input/${image}`, await readFile(join(images, image)));
    }
    const description = { input_bucket: 'lab-in', input_prefix: 'input', output_bucket: 'lab-out' };
    await aws.s3.put('lab-config', 'configuration/config.json', Buffer.from(JSON.stringify(description)));
  });

  afterEach(() => Promise.all(started.splice(0).map((one) => one[Symbol.asyncDispose]())));

  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await aws[Symbol.asyncDispose]();
    await sandbox[Symbol.asyncDispose]();
  });

  /** A process on one of the machines. Of AWS it knows what the SDK knows, and nothing else. */
  function start(app: 'orchestrator' | 'worker', machine: MetadataServer, settings: Environment): Process {
    const one = startProgram(app, {
      ...sandbox.environment,
      ...aws.s3.environmentAt(proxy.url),
      AWS_EC2_METADATA_SERVICE_ENDPOINT: machine.url,
      LONGSHORE_PLUGIN: 'rgo-segmentation',
      ...settings,
    });
    started.push(one);
    return one;
  }

  it('G1 G7 G8 G9 G10: does every image once, with the bytes of a run at home, although a machine is taken away in the middle', async () => {
    const [lead, ...spot] = await aws.runInstances(3);
    if (!lead) throw new Error('There are three machines.');
    const port = String(await freePort());
    const orchestrator = start('orchestrator', lead, {
      CONFIG_BUCKET: 'lab-config',
      BATCH_SIZE: '2',
      SENDER_EMAIL: 'longshore@example.org',
      RECIPIENT_EMAIL: 'people@example.org',
      LONGSHORE_PORT: port,
      LONGSHORE_PUBLIC_URL: `http://127.0.0.1:${port}`,
      LONGSHORE_LEASE_SECONDS: '30',
      LONGSHORE_SHUTDOWN: 'stop',
      LONGSHORE_SHUTDOWN_GRACE_SECONDS: '1',
    });
    const workers = spot.map((machine, index) =>
      start('worker', machine, {
        LONGSHORE_WORKER_NAME: `${name}${index}`,
        LONGSHORE_URL_PARAMETER: urlParameter,
        LONGSHORE_SPOT_POLL_SECONDS: '0.2',
        LONGSHORE_SHUTDOWN: 'terminate',
      }),
    );
    const everything = () => [orchestrator, ...workers].map(({ output }) => output).join('\n');

    const [, url = ''] = await orchestrator.wrote(/serves at (http:[^\s"]+)/);
    const get = async <T>(path: string) => (await (await fetch(url + path)).json()) as T;
    const theJob = async () => (await get<PageAnswer<JobAnswer>>('/api/v1/jobs')).items[0];
    const held = await eventually(
      async () => {
        const job = await theJob();
        const busy = (await get<{ items: Worker[] }>('/api/v1/workers')).items.filter(
          ({ state }) => state === 'processing',
        );
        return job && job.objects.completed >= 2 && busy.length === 2 ? busy : undefined;
      },
      60_000,
      () => `two workers at work:\n${everything()}`,
    );
    expect(await aws.leftAddress()).toBe(url);

    const victim = spot.findIndex(({ identity }) => identity.instanceId === held[0]?.instance?.id);
    spot[victim]?.reclaim();
    expect(await workers[victim]?.ended).toMatchObject({ code: 0 });
    const job = await theJob();
    expect(job).toMatchObject({ state: 'running', input: 's3://lab-in/input/', output: 's3://lab-out/processed/' });

    expect(await workers[1 - victim]?.ended).toMatchObject({ code: 0 });
    const stopped = await eventually(
      async () => ((await aws.stateOf(lead)) === 'stopped' ? theJob() : undefined),
      30_000,
      () => `the machine to stop:\n${everything()}`,
    );
    expect(stopped).toMatchObject({ id: job?.id, state: 'completed', objects: { completed: 24, dead: 0 } });
    expect(await get(`/api/v1/admin/invariants?job=${job?.id}&exclusive=true`)).toMatchObject({ holds: true });
    // The machine that stops ends what runs on it.
    expect(await orchestrator.stop('SIGTERM')).toMatchObject({ code: 0 });
    expect(await Promise.all(spot.map((machine) => aws.stateOf(machine)))).toEqual(
      spot.map((_, index) => (index === victim ? 'running' : 'terminated')),
    );

    expect(proxy.mails).toHaveLength(1);
    expect(proxy.mails[0]).toMatchObject({ subject: 'Longshore: 24 objects done' });
    expect(proxy.mails[0]?.text).toMatch(/^24 objects are done, 0 are set aside, 0 were skipped\.$/m);
    expect(proxy.mails[0]?.text).toMatch(/2 workers took part/);

    const home = ['run', '--plugin', 'rgo-segmentation', '--input', images, '--output', sandbox.path('home-run')];
    expect(await longshore([...home, '--quiet'], sandbox.environment)).toMatchObject({ code: 0 });
    expect(await aws.s3.objectsBelow('lab-out', 'processed/')).toEqual(await filesBelow(sandbox.path('home-run')));
    expect([await aws.s3.openUploads('lab-out'), await containersOf(name)]).toEqual([0, []]);
  });
});
