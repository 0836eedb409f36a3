import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { aNotification, notifierContract } from '@longshore/core/testing';
import { LoopbackServer } from '../testing/index.js';
import { WebhookNotifier, type WebhookTarget } from './webhook-notifier.js';
import { readSecrets } from './webhook-signature.js';

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const now = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

/** A receiver as anybody would write one. */
class Receiver extends LoopbackServer {
  readonly received: Received[] = [];
  /** What the next requests are answered; 204 when there is none left. */
  readonly answers: (number | 'silence' | { location: string })[] = [];

  notifier(changes: Partial<WebhookTarget> = {}, patienceMs = 5_000): WebhookNotifier {
    const url = `${this.url}/hook?for=us`;
    const target = { url, secrets: readSecrets(secret, 'SECRET'), allowPrivate: true, ...changes };
    return new WebhookNotifier(target, () => now, patienceMs);
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path = '', headers } = request;
    const body = await text(request);
    const answer = this.answers.shift() ?? 204;
    if (answer === 'silence') return;
    if (typeof answer === 'object') return void response.writeHead(307, answer).end();
    if (answer < 300) this.received.push({ path, headers, body });
    response.writeHead(answer).end(answer === 500 ? 'x'.repeat(100_000) : undefined);
  }
}

notifierContract('a signed webhook', async () => {
  const receiver = await new Receiver().listen();
  return {
    notifier: receiver.notifier(),
    received: async () =>
      receiver.received.map(({ body }) => {
        const { subject, text } = JSON.parse(body) as { subject: string; text: string };
        return `${subject}\n${text}`;
      }),
    breakOnce: () => receiver.answers.push(503),
    close: () => receiver[Symbol.asyncDispose](),
  };
});

describe('a signed webhook', () => {
  let receiver: Receiver;

  beforeEach(async () => {
    receiver = await new Receiver().listen();
  });
  afterEach(() => receiver[Symbol.asyncDispose]());

  /** As a receiver does it that knows the specification, and nothing of this code. */
  function verified({ headers, body }: Received, key: string): boolean {
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    const expected = createHmac('sha256', Buffer.from(key.replace('whsec_', ''), 'base64'))
      .update(signed)
      .digest('base64');
    return String(headers['webhook-signature']).split(' ').includes(`v1,${expected}`);
  }

  it('is what the specification of Standard Webhooks says', async () => {
    await receiver.notifier().notify(aNotification({ id: 'job-failed:1:2' }));
    const [request] = receiver.received;
    expect(request).toMatchObject({
      path: '/hook?for=us',
      headers: {
        'content-type': 'application/json',
        'webhook-id': 'job-failed:1:2',
        'webhook-timestamp': String(Math.floor(now / 1000)),
      },
    });
    expect(verified(request!, secret)).toBe(true);
    expect(verified({ ...request!, body: `${request!.body} ` }, secret)).toBe(false);
    expect(verified(request!, `whsec_${Buffer.alloc(32, 8).toString('base64')}`)).toBe(false);
  });

  it('signs as the example of the specification is signed', async () => {
    const { signatures } = await import('./webhook-signature.js');
    const [key] = readSecrets('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'SECRET');
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' };
    expect(signatures(message, [key!])).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('is signed with both secrets while one takes the place of the other', async () => {
    const next = Buffer.alloc(24, 9).toString('base64');
    await receiver.notifier({ secrets: readSecrets(`${secret}\n${next}\n`, 'SECRET') }).notify(aNotification());
    expect([secret, next].map((key) => verified(receiver.received[0]!, key))).toEqual([true, true]);
  });

  it('holds the news as JSON, hostile names as data alone, and no secret', async () => {
    const notification = aNotification({ text: 'It is "over"\u001b[2J\n' });
    notification.news.facts.job!.dead[0]!.key = '"},"x":{"\u202e<b>\n';
    await receiver.notifier().notify(notification);
    const { body } = receiver.received[0]!;
    const { id, subject, text, news } = notification;
    expect(JSON.parse(body)).toEqual({
      id,
      subject,
      text,
      type: news.event,
      timestamp: '2026-01-01T00:00:00.000Z',
      data: news.facts,
    });
    expect(body).not.toContain('whsec_');
  });

  it.each([
    [500, 'notification-failed'],
    [503, 'notification-failed'],
    [429, 'notification-failed'],
    [408, 'notification-failed'],
    [400, 'notification-refused'],
    [401, 'notification-refused'],
    [404, 'notification-refused'],
    [410, 'receiver-gone'],
  ])('says whether a second try helps: %i is %s', async (status, code) => {
    receiver.answers.push(status);
    const refused = receiver.notifier().notify(aNotification());
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(`answered ${status}`) });
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining('/hook') });
  });

  it('follows no redirect, wherever it points to', async () => {
    receiver.answers.push({ location: `${receiver.url}/elsewhere` });
    const refused = receiver.notifier().notify(aNotification());
    await expect(refused).rejects.toMatchObject({
      code: 'notification-refused',
      message: expect.stringContaining('redirects'),
    });
    expect(receiver.received).toEqual([]);
  });

  it('does not wait without end for an answer', async () => {
    receiver.answers.push('silence');
    const waiting = receiver.notifier({}, 100).notify(aNotification());
    await expect(waiting).rejects.toMatchObject({
      code: 'notification-failed',
      message: expect.stringContaining('0.1 s'),
    });
  });

  it('is tried again later where nobody listens, or where the name is unknown', async () => {
    for (const url of ['http://127.0.0.1:9/', 'http://nobody.invalid/']) {
      const refused = receiver.notifier({ url }).notify(aNotification());
      await expect(refused).rejects.toMatchObject({ code: 'notification-failed' });
    }
  });

  it('S24: asks no private address unless it may, not by a name that leads there either', async () => {
    const { port } = new URL(receiver.url);
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost']) {
      const url = `http://${host}:${port}/`;
      const refused = receiver.notifier({ url, allowPrivate: false }).notify(aNotification());
      await expect(refused).rejects.toMatchObject({
        code: 'notification-refused',
        message: expect.stringContaining('private address'),
      });
    }
    await receiver.notifier({ url: `http://localhost:${port}/` }).notify(aNotification());
    expect(receiver.received).toHaveLength(1);
  });
});

describe('a webhook behind TLS', () => {
  let folder: string;
  let receiver: Receiver;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-webhook-'));
    const [key, cert] = ['key.pem', 'cert.pem'].map((file) => join(folder, file));
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    execFileSync('openssl', [...made, ...subject, '-keyout', key!, '-out', cert!], { stdio: 'ignore' });
    receiver = await new Receiver({ key: await readFile(key!), cert: await readFile(cert!) }).listen();
  });
  afterAll(async () => {
    await receiver[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it('must show a certificate that this machine trusts, or hears nothing', async () => {
    const refused = receiver.notifier().notify(aNotification());
    await expect(refused).rejects.toMatchObject({
      code: 'notification-failed',
      remedy: expect.stringContaining('certificate'),
    });
    expect(receiver.received).toEqual([]);
  });
});

describe('the secrets of a webhook', () => {
  it.each([
    ['none', ''],
    ['one that is too short', Buffer.alloc(23).toString('base64')],
    ['one that is too long', Buffer.alloc(65).toString('base64')],
    ['what is no base64', `whsec_${'ü'.repeat(40)}`],
    ['three', Array(3).fill(secret).join('\n')],
  ])('are refused without being shown: %s', (_, text) => {
    expect(() => readSecrets(text, 'LONGSHORE_WEBHOOK_SECRET')).toThrow(
      /^LONGSHORE_WEBHOOK_SECRET must hold one secret, or two.*24 to 64 bytes in base64\.$/,
    );
  });
});
