/** People and programs are told, whatever dies: a real orchestrator, its state on disk, receivers on real sockets. */
import { chmod } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { LoopbackServer } from '@longshore/adapters/testing';
import type { NotificationAnswer, TestNotificationAnswer } from '@longshore/core/protocol';
import { createHmac } from 'node:crypto';
import { eventually, longshore, startProgram, type Environment, type Process } from './support/process.js';
import { filesBelow, Sandbox } from './support/sandbox.js';

const secret = Buffer.from('a secret of thirty-two characters').toString('base64');
const secretPath = Buffer.from('a path that is a secret').toString('hex');

interface Received {
  id: string;
  isSigned: boolean;
  body: { type: string; text: string; data: { job: { id: string; state: string } | null } };
}

/** Answers with one status until a test says otherwise, and keeps what it took. */
class Receiver extends LoopbackServer {
  readonly received: Received[] = [];
  readonly asked: string[] = [];
  status = 204;

  get address(): string {
    return `${this.url}/${secretPath}`;
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const [id, timestamp] = [String(request.headers['webhook-id']), String(request.headers['webhook-timestamp'])];
    const key = Buffer.from(secret, 'base64');
    const signature = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    this.asked.push(id);
    const isSigned = request.headers['webhook-signature'] === signature;
    if (this.status === 204) this.received.push({ id, isSigned, body: JSON.parse(body) as Received['body'] });
    response.writeHead(this.status).end();
  }
}

describe('news', () => {
  const [well, sick] = [new Receiver(), new Receiver()];
  const started: Process[] = [];
  let sandbox: Sandbox;
  let environment: Environment;
  let url: string;

  beforeAll(async () => {
    sandbox = await Sandbox.open();
    const secretFile = await sandbox.write('webhook', `${secret}\n`);
    await Promise.all([well.listen(), sick.listen()]);
    const addresses = await sandbox.write('webhooks', `${well.address}\n${sick.address}`);
    await Promise.all([secretFile, addresses].map((path) => chmod(path, 0o600)));
    await sandbox.write('templates/job-failed.text.hbs', '{{job.plugin}} found {{failure.code}}.');
    environment = {
      ...sandbox.environment,
      LONGSHORE_PORT: '0',
      LONGSHORE_WEBHOOKS_FILE: addresses,
      LONGSHORE_WEBHOOK_SECRET_FILE: secretFile,
      LONGSHORE_WEBHOOK_ALLOW_PRIVATE: 'true',
      LONGSHORE_TEMPLATES: sandbox.path('templates'),
    };
    await sandbox.write('input/some', '');
  });
  afterEach(() => Promise.all(started.splice(0).map((one) => one[Symbol.asyncDispose]())));
  afterAll(async () => {
    await Promise.all([well, sick].map((receiver) => receiver[Symbol.asyncDispose]()));
    await sandbox[Symbol.asyncDispose]();
  });

  async function start(): Promise<Process> {
    const orchestrator = startProgram('orchestrator', environment);
    started.push(orchestrator);
    [url = ''] = await orchestrator.wrote(/http:\/\/127\.0\.0\.1:\d+/);
    return orchestrator;
  }

  /** A command that has to go well. */
  async function told<T>(...args: string[]): Promise<T> {
    const { stdout, stderr } = await longshore([...args, '--json', '--url', url]);
    return JSON.parse(stdout || JSON.stringify({ stderr })) as T;
  }

  it('G6 G7: reaches each receiver once and signed, although one was away and the orchestrator was killed', async () => {
    sick.status = 503;
    const orchestrator = await start();
    const job = [
      '--plugin',
      'echo',
      '--input',
      sandbox.path('input'),
      '--include',
      'none',
      '--output',
      sandbox.path('results'),
    ];
    await longshore(['submit', ...job, '--url', url]);
    await eventually(
      () => (well.received.length === 1 && sick.asked.length > 0) || undefined,
      20_000,
      () => 'both receivers',
    );
    await orchestrator.stop('SIGKILL');
    sick.status = 204;
    const next = await start();
    await eventually(
      () => sick.received.length === 1 || undefined,
      20_000,
      () => 'the one that was away',
    );
    const items = await eventually(
      async () => {
        const found = await told<NotificationAnswer[]>('notify', 'list');
        return found.every(({ state }) => state === 'sent') ? found : undefined;
      },
      20_000,
      () => 'everything sent',
    );
    expect([well.received, sick.received].map((all) => all.map(({ id, isSigned }) => [id, isSigned]))).toEqual(
      Array(2).fill([[items[0]!.news_id, true]]),
    );
    expect(well.received[0]?.body).toMatchObject({
      type: 'job-failed',
      text: 'echo found no-objects.\n',
      data: { job: { state: 'failed' } },
    });
    expect(items.map(({ event, channel }) => [event, channel.split(':')[0]]).sort()).toEqual([
      ['job-failed', 'log'],
      ['job-failed', 'webhook'],
      ['job-failed', 'webhook'],
    ]);

    sick.status = 410;
    const test = await told<TestNotificationAnswer>('notify', 'test', '--event', 'run-ended');
    expect(test.channels.map(({ channel, sent, reason }) => [channel.split(':')[0], sent, reason])).toEqual([
      ['log', true, undefined],
      ['webhook', true, undefined],
      ['webhook', false, expect.stringContaining('answered 410')],
    ]);
    await next.stop();
    const stored = [...(await filesBelow(sandbox.path('state'))).values()].map((file) => file.toString('latin1'));
    for (const kept of [orchestrator.output, next.output, JSON.stringify([items, test]), ...stored]) {
      expect(kept).not.toContain(secret);
      expect(kept).not.toContain(secretPath);
    }
  });

  it('stops the start at a template that is wrong, with file, line and what is known', async () => {
    const templates = sandbox.path('wrong');
    await sandbox.write('wrong/job-paused.text.hbs', 'Paused.\n{{job.plugni}}');
    const { code, stdout, stderr } = await longshore([
      'notify',
      'preview',
      '--event',
      'job-paused',
      '--templates',
      templates,
    ]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /job-paused\.text\.hbs cannot be used: line 2, column 3: "job\.plugni" is unknown; there are id, plugin/,
    );
    const orchestrator = startProgram('orchestrator', { ...environment, LONGSHORE_TEMPLATES: templates });
    started.push(orchestrator);
    expect(await orchestrator.ended).toMatchObject({ code: 1, stderr: expect.stringContaining('line 2, column 3') });
  });
});
