import { describe, expect, it } from '@jest/globals';
import { OrchestratorConfig } from './orchestrator-config.js';

/** The least that runs a job by configuration alone. */
const least = { CONFIG_BUCKET: 'main', LONGSHORE_PLUGIN: 'echo', LONGSHORE_PUBLIC_URL: 'http://10.0.0.5:8480' };
const read = (environment: Record<string, string>) => new OrchestratorConfig(environment);

describe('a job by configuration', () => {
  it('needs a bucket, a plugin and an address, and means the rest as the original system did', () => {
    const config = read(least);
    expect(config.job).toMatchObject({
      url: 's3://main/configuration/config.json',
      plugin: 'echo',
      batchSize: 10,
      ackTimeoutSeconds: 60,
      processingTimeoutSeconds: undefined,
    });
    expect(config.address).toMatchObject({ parameter: '/orchestrator/url', publicUrl: 'http://10.0.0.5:8480' });
    expect(config).toMatchObject({ whenDone: 'shutdown', runEnd: { enabled: true, shutdown: 'none' } });
    expect(config.mail.addresses).toBeUndefined();
  });

  it('takes every variable of the original system', () => {
    const { job, mail } = read({
      ...least,
      CONFIG_KEY: '/jobs/config.json',
      BATCH_SIZE: '25',
      ACK_TIMEOUT: '90',
      PROCESSING_TIMEOUT: '1200',
      SENDER_EMAIL: 'Longshore <sender@example.org>',
      RECIPIENT_EMAIL: 'a@example.org, b@example.org',
    });
    expect(job).toMatchObject({
      url: 's3://main/jobs/config.json',
      batchSize: 25,
      ackTimeoutSeconds: 90,
      processingTimeoutSeconds: 1200,
    });
    expect(mail.addresses).toEqual({
      sender: 'Longshore <sender@example.org>',
      recipients: ['a@example.org', 'b@example.org'],
    });
  });

  it('is not there, nor an address, a mail or an end, where nothing was said of it', () => {
    const { job, address, mail, runEnd } = read({ LONGSHORE_PLUGIN: 'echo' });
    expect([job, address.parameter, mail.addresses, runEnd.enabled]).toEqual([undefined, undefined, undefined, false]);
  });

  it.each([
    [
      'a bucket that is none',
      { ...least, CONFIG_BUCKET: 's3://main/x' },
      /CONFIG_BUCKET is "s3:\/\/main\/x".*CONFIG_KEY/,
    ],
    ['a bucket with a key', { ...least, CONFIG_BUCKET: 'main/config' }, /CONFIG_BUCKET/],
    ['a key without a bucket', { CONFIG_KEY: 'config.json' }, /CONFIG_KEY is set, but CONFIG_BUCKET is not/],
    [
      'no plugin',
      { ...least, LONGSHORE_PLUGIN: '' },
      /LONGSHORE_PLUGIN is not set; it says which plugin runs the job of s3:/,
    ],
    ['an empty batch', { ...least, BATCH_SIZE: '0' }, /BATCH_SIZE is "0".*whole number from 1/],
    ['a timeout in words', { ...least, ACK_TIMEOUT: '1 minute' }, /ACK_TIMEOUT is "1 minute"/],
    ['a negative timeout', { ...least, PROCESSING_TIMEOUT: '-1' }, /PROCESSING_TIMEOUT is "-1"/],
    ['a sender alone', { SENDER_EMAIL: 'a@example.org' }, /SENDER_EMAIL is set, but RECIPIENT_EMAIL is not/],
    ['recipients alone', { RECIPIENT_EMAIL: 'a@example.org' }, /RECIPIENT_EMAIL is set, but SENDER_EMAIL is not/],
    [
      'a sender that is no address',
      { SENDER_EMAIL: 'me', RECIPIENT_EMAIL: 'a@example.org' },
      /SENDER_EMAIL holds "me"/,
    ],
    [
      'a header in a sender',
      { SENDER_EMAIL: 'a\r\nBcc: x <a@example.org>', RECIPIENT_EMAIL: 'a@example.org' },
      /no mail address/,
    ],
    [
      'one bad recipient',
      { SENDER_EMAIL: 'a@example.org', RECIPIENT_EMAIL: 'b@example.org,c' },
      /RECIPIENT_EMAIL holds "c"/,
    ],
    [
      'a crowd of recipients',
      { SENDER_EMAIL: 'a@example.org', RECIPIENT_EMAIL: Array(51).fill('b@example.org').join() },
      /51 addresses.*mailing list/,
    ],
    [
      'a shutdown nobody knows',
      { LONGSHORE_SHUTDOWN: 'halt' },
      /LONGSHORE_SHUTDOWN is "halt".*none, exit, stop, terminate/,
    ],
    [
      'workers that never leave',
      { ...least, LONGSHORE_WHEN_DONE: 'wait' },
      /CONFIG_BUCKET is set: the run would never end/,
    ],
    [
      'the same with a shutdown',
      { LONGSHORE_SHUTDOWN: 'stop', LONGSHORE_WHEN_DONE: 'wait' },
      /LONGSHORE_SHUTDOWN is stop/,
    ],
    ['an address nobody reaches', { ...least, LONGSHORE_PUBLIC_URL: '' }, /LONGSHORE_HOST lets nobody in.*0\.0\.0\.0/],
    [
      'an address that is none',
      { LONGSHORE_PUBLIC_URL: 'orchestrator:8480' },
      /LONGSHORE_PUBLIC_URL is "orchestrator:8480"/,
    ],
    ['an address with a secret', { LONGSHORE_PUBLIC_URL: 'http://me:secret@host' }, /LONGSHORE_PUBLIC_URL/],
    ['a parameter that cannot be', { ...least, LONGSHORE_URL_PARAMETER: '/a b' }, /LONGSHORE_URL_PARAMETER is "\/a b"/],
    ['a parameter of AWS', { ...least, LONGSHORE_URL_PARAMETER: '/aws/x' }, /LONGSHORE_URL_PARAMETER/],
  ])('refuses %s with a sentence', (_, environment, sentence) => {
    let said = '';
    try {
      read(environment);
    } catch (thrown) {
      said = (thrown as { sentence: string }).sentence;
    }
    expect(said).toMatch(sentence);
  });

  it('ends runs also without a configured job, where a shutdown is wanted', () => {
    const { runEnd, whenDone, address } = read({ LONGSHORE_SHUTDOWN: 'exit', LONGSHORE_LEASE_SECONDS: '600' });
    expect(runEnd).toMatchObject({ enabled: true, graceMs: 60_000, mailPatienceMs: 900_000, workerGoneMs: 1_200_000 });
    expect([whenDone, address.parameter]).toEqual(['shutdown', undefined]);
  });
});
