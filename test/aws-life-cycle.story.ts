/** The original system's life cycle, by configuration alone: from config.json to the mail and the end of the process. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AwsProxy, freePort } from '@longshore/adapters/testing';
import type { JobAnswer, PageAnswer } from '@longshore/core/protocol';
import { awsAt } from './support/aws.js';
import { containersOf } from './support/containers.js';
import { eventually, startProgram, type Environment, type Process } from './support/process.js';
import { S3 } from './support/s3.js';
import { Sandbox } from './support/sandbox.js';

const objects = 12;
const mostSeconds = 90;
const name = `aws-life-${process.pid}-`;

describe('a run on AWS by configuration alone', () => {
  let sandbox: Sandbox;
  let s3: S3;
  let aws: AwsProxy;
  let environment: Environment;
  const started: Process[] = [];

  beforeAll(async () => {
    s3 = await S3.start();
    aws = await AwsProxy.before(s3.url);
    const ses = new SESClient(awsAt(s3.url));
    await ses.send(new VerifyEmailIdentityCommand({ EmailAddress: 'longshore@example.org' }));
    for (const bucket of ['main', 'images', 'results']) await s3.createBucket(bucket);
    for (let number = 0; number < objects; number += 1) {
      await s3.put('images', `plate-7/${number}.txt`, Buffer.from(`content ${number}`));
    }
    await s3.put('images', 'plate-70/other.txt', Buffer.from('of another plate'));
    const description = { input_bucket: 'images', input_prefix: 'plate-7', output_bucket: 'results' };
    await s3.put('main', 'configuration/config.json', Buffer.from(JSON.stringify(description)));
  });

  beforeEach(async () => {
    sandbox = await Sandbox.open();
    const port = await freePort();
    environment = {
      ...sandbox.environment,
      ...s3.environmentAt(aws.url),
      LONGSHORE_PORT: String(port),
      LONGSHORE_PUBLIC_URL: `http://127.0.0.1:${port}`,
      LONGSHORE_PLUGIN: 'echo',
      LONGSHORE_LEASE_SECONDS: '6',
      CONFIG_BUCKET: 'main',
      BATCH_SIZE: '1',
      SENDER_EMAIL: 'Longshore <longshore@example.org>',
      RECIPIENT_EMAIL: 'people@example.org',
      LONGSHORE_SHUTDOWN: 'exit',
      LONGSHORE_SHUTDOWN_GRACE_SECONDS: '1',
    };
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((one) => one[Symbol.asyncDispose]()));
    await sandbox[Symbol.asyncDispose]();
  });

  afterAll(async () => {
    await aws[Symbol.asyncDispose]();
    await s3[Symbol.asyncDispose]();
  });

  function start(app: 'orchestrator' | 'worker', more: Environment = {}): Process {
    const one = startProgram(app, { ...environment, ...more });
    started.push(one);
    return one;
  }

  /** There is never more than one; at first there is none, for the address is left before the description is read. */
  async function theJob(url: string): Promise<JobAnswer | undefined> {
    const page = (await (await fetch(`${url}/api/v1/jobs`)).json()) as PageAnswer<JobAnswer>;
    expect(page.items.length).toBeLessThanOrEqual(1);
    return page.items[0];
  }

  it('G7 G8 G9 H2: does every object once, tells people once and ends, although the orchestrator dies half-way and comes back elsewhere', async () => {
    const first = start('orchestrator');
    const url = await address(s3.url, first);
    expect(url).toBe(environment.LONGSHORE_PUBLIC_URL);
    const workers = ['a', 'b'].map((letter) =>
      start('worker', { LONGSHORE_URL_PARAMETER: '/orchestrator/url', LONGSHORE_WORKER_NAME: name + letter }),
    );
    const isUnderWay = async () => (((await theJob(url))?.objects.completed ?? 0) >= 2 ? true : undefined);
    await eventually(isUnderWay, 60_000, () => `two objects to be done: ${first.output}`);
    await first.stop('SIGKILL');

    const elsewhere = String(await freePort());
    const movedTo = `http://127.0.0.1:${elsewhere}`;
    const second = start('orchestrator', { LONGSHORE_PORT: elsewhere, LONGSHORE_PUBLIC_URL: movedTo });
    await second.wrote(/serves at/);
    const job = await theJob(movedTo);
    expect(job).toMatchObject({ input: 's3://images/plate-7/', output: 's3://results/processed/' });
    expect(job?.objects.completed).toBeLessThan(objects);

    const ended = Promise.all([...workers, second].map((one) => one.ended));
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(second.output)), mostSeconds * 1000).unref();
    });
    expect((await Promise.race([ended, late])).map(({ code }) => code)).toEqual([0, 0, 0]);

    expect(aws.mails).toHaveLength(1);
    const [mail] = aws.mails;
    expect(mail?.subject).toBe(`Longshore: ${objects} objects done`);
    expect(mail?.text).toMatch(
      new RegExp(`^${objects} objects are done, 0 are set aside, 0 were skipped\\.\\n.*2 workers took part\\.\\n`, 's'),
    );
    expect(mail?.headers).toMatch(/X-Longshore-News: run-ended:1:/);
    const results = await s3.objectsBelow('results', 'processed/');
    expect([...results.keys()].sort()).toEqual(
      Array.from({ length: objects }, (_, number) => [`${number}.txt`, `${number}.txt.sha256`])
        .flat()
        .sort(),
    );
    expect(results.get('7.txt')?.toString()).toBe('content 7');
    expect([await s3.openUploads('results'), await containersOf(name)]).toEqual([0, []]);
    const published = aws.asked.filter(({ headers }) => headers['x-amz-target'] === 'AmazonSSM.PutParameter');
    expect(published).toHaveLength(2);
  });

  it('H2: ends with a sentence that names the object where there is none', async () => {
    const ended = await start('orchestrator', { CONFIG_KEY: 'nothing/here.json' }).ended;
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/There is no object s3:\/\/main\/nothing\/here\.json\. Put the description/);
  });
});

/** The address that everybody finds, once it is there. */
function address(endpoint: string, orchestrator: Process): Promise<string> {
  const ssm = new SSMClient(awsAt(endpoint));
  const find = () =>
    ssm.send(new GetParameterCommand({ Name: '/orchestrator/url' })).then(
      ({ Parameter }) => Parameter?.Value,
      () => undefined,
    );
  return eventually(find, 30_000, () => `the address: ${orchestrator.output}`);
}
