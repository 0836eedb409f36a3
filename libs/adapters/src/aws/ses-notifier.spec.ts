import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { aNotification, notifierContract } from '@longshore/core/testing';
import { AwsProxy, MotoServer } from '../testing/index.js';
import { SesNotifier, type MailAddresses } from './ses-notifier.js';

let moto: MotoServer;
let proxy: AwsProxy;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const addresses = { sender: 'Longshore <longshore@example.org>', recipients: ['a@example.org', 'b@example.org'] };
const news = aNotification({ id: 'run-ended:1', subject: 'All is done' });

beforeAll(async () => {
  moto = await MotoServer.start();
  proxy = await AwsProxy.before(moto.url);
  const ses = new SESClient({ endpoint: moto.url, region: 'us-east-1', credentials });
  await ses.send(new VerifyEmailIdentityCommand({ EmailAddress: 'longshore@example.org' }));
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await moto[Symbol.asyncDispose]();
});

function notifier(changes: Partial<MailAddresses> = {}, maxAttempts = 1, patienceMs = 50_000): SesNotifier {
  return new SesNotifier({ ...addresses, ...changes }, { endpoint: proxy.url, credentials, maxAttempts }, patienceMs);
}

const refusal = (code: string, message: string, status = 400) => ({
  status,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});
const throttling = refusal('Throttling', 'Maximum sending rate exceeded.');

notifierContract('mail through SES', async () => {
  const before = proxy.mails.length;
  return {
    notifier: notifier(),
    received: async () => proxy.mails.slice(before).map(({ subject, text }) => `${subject}\n${text}`),
    breakOnce: () => proxy.meddle('SendRawEmail', throttling),
    close: async () => undefined,
  };
});

describe('mail through SES', () => {
  it('G7: names the news in a header, the same however often it is sent', async () => {
    await notifier().notify(news);
    await notifier().notify(news);
    const [one, other] = proxy.mails.slice(-2);
    expect(one?.headers).toContain('X-Longshore-News: run-ended:1');
    expect(other?.raw).toBe(one?.raw);
  });

  it('carries the same as HTML beside the plain text', async () => {
    await notifier().notify({ ...news, html: '<p>ünï ☃</p>' });
    expect(proxy.mails.at(-1)).toMatchObject({ text: news.text, html: '<p>ünï ☃</p>' });
  });

  it('carries names of any characters beside the addresses', async () => {
    const sender = 'Schiffländte ☃ <longshore@example.org>';
    await notifier({ sender, recipients: ['Ängström <a@example.org>'] }).notify(news);
    const form = new URLSearchParams(String(proxy.asked.at(-1)?.body));
    expect([form.get('Source'), form.get('Destinations.member.1')]).toEqual(['longshore@example.org', 'a@example.org']);
    expect(proxy.mails.at(-1)?.headers).toMatch(/^From: =\?UTF-8\?B\?\S+\?= <longshore@example\.org>$/m);
  });

  it('goes to everybody, from the sender', async () => {
    await notifier().notify(news);
    const form = new URLSearchParams(String(proxy.asked.at(-1)?.body));
    expect([form.get('Destinations.member.1'), form.get('Destinations.member.2')]).toEqual(addresses.recipients);
    expect(proxy.mails.at(-1)?.headers).toContain('From: Longshore <longshore@example.org>');
  });

  it('S16: makes no header of a line break in a subject', async () => {
    await notifier().notify({ ...news, subject: 'Job "a\r\nBcc: thief@example.org\r\n\r\nb"', id: 'job\r\nX-Evil: 1' });
    const mail = proxy.mails.at(-1);
    expect(mail?.raw).not.toMatch(/^(Bcc|X-Evil):/m);
    expect(mail?.text).toBe(news.text);
  });

  it('keeps long lines short enough to travel, and whole', async () => {
    const text = 'Ünïcödé ☃ '.repeat(500);
    await notifier().notify({ ...news, subject: text.slice(0, 300), text });
    const mail = proxy.mails.at(-1);
    expect([mail?.text, mail?.subject]).toEqual([text, text.slice(0, 300)]);
    expect(mail?.raw.split('\r\n').filter((line) => line.length > 78)).toEqual([]);
  });

  it('G6: is sent through a throttling that ends soon', async () => {
    const before = proxy.mails.length;
    proxy.meddle('SendRawEmail', throttling, 2);
    await notifier({}, 3).notify(news);
    expect(proxy.mails.length - before).toBe(1);
  });

  it.each([
    ['throttled', throttling, { code: 'notification-failed', message: expect.stringContaining('Throttling') }],
    ['over its daily quota', refusal('LimitExceeded', 'Daily quota'), { code: 'notification-failed' }],
    [
      'paused',
      refusal('AccountSendingPausedException', 'Paused'),
      { code: 'notification-failed', remedy: expect.stringContaining('paused') },
    ],
    ['down', refusal('InternalFailure', 'Oh', 500), { code: 'notification-failed' }],
    ['answered by a proxy', { status: 502, body: '<html>Bad gateway</html>' }, { code: 'notification-failed' }],
    [
      'forbidden',
      refusal('AccessDenied', 'Not authorized', 403),
      { code: 'access-denied', remedy: expect.stringContaining('ses:SendRawEmail') },
    ],
    ['asked with old credentials', refusal('ExpiredToken', 'Expired', 403), { code: 'access-denied' }],
  ])('G6: says so when SES is %s', async (_, answer, expected) => {
    proxy.meddle('SendRawEmail', answer);
    await expect(notifier().notify(news)).rejects.toMatchObject(expected);
  });

  it('G6: says what to do about a sender that nobody has verified', async () => {
    const sending = notifier({ sender: 'stranger@example.com' }).notify(news);
    await expect(sending).rejects.toMatchObject({
      code: 'notification-failed',
      message: expect.stringContaining('MessageRejected'),
      remedy: expect.stringContaining('Verify the sender'),
    });
  });

  it('G6: does not wait without end for an answer', async () => {
    proxy.meddle('SendRawEmail', 'silence');
    await expect(notifier({}, 1, 100).notify(news)).rejects.toMatchObject({ code: 'notification-failed' });
  });
});
