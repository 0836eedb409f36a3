import { describe, expect, it } from '@jest/globals';
import { toldEvents } from '@longshore/core';
import { OrchestratorConfig } from './orchestrator-config.js';

const secret = Buffer.alloc(32).toString('base64');
const hooks = {
  LONGSHORE_WEBHOOKS: 'https://a.example/x, https://b.example/y\nhttps://a.example/x',
  LONGSHORE_WEBHOOK_SECRET: secret,
};
const read = (environment: Record<string, string>) => new OrchestratorConfig(environment).news;

describe('who is told of what', () => {
  it('is everything but what a person did, where nothing was said', () => {
    const { wanted, webhooks, threshold, noWorkersMs } = read({});
    expect([wanted.log, wanted.webhook]).toEqual([toldEvents, toldEvents]);
    expect(wanted.mail).toEqual(toldEvents.filter((event) => event !== 'job-cancelled'));
    expect({ webhooks, threshold, noWorkersMs }).toEqual({ webhooks: [], threshold: '10%', noWorkersMs: 300_000 });
  });

  it('is one mail for a whole run, while programs hear of each of its jobs', () => {
    const { wanted } = read({ LONGSHORE_SHUTDOWN: 'exit' });
    expect(wanted.mail).not.toEqual(expect.arrayContaining(['job-completed']));
    expect(wanted.mail).toEqual(expect.arrayContaining(['run-ended', 'job-paused', 'no-workers', 'threshold-passed']));
    expect(wanted.webhook).toContain('job-completed');
    expect(read({ LONGSHORE_SHUTDOWN: 'exit', LONGSHORE_TELL_MAIL: 'all' }).wanted.mail).toEqual(toldEvents);
  });

  it('is what the operator says, by each channel', () => {
    const { wanted } = read({ LONGSHORE_TELL_LOG: 'none', LONGSHORE_TELL_WEBHOOK: 'job-failed, no-workers' });
    expect([wanted.log, wanted.webhook]).toEqual([[], ['job-failed', 'no-workers']]);
  });

  it('takes several webhooks, each once', () => {
    expect(read(hooks).webhooks).toEqual(['https://a.example/x', 'https://b.example/y']);
    expect(
      read({ ...hooks, LONGSHORE_WEBHOOK_ALLOW_PRIVATE: 'true', LONGSHORE_WEBHOOKS: 'http://127.0.0.1:8080' }).webhooks,
    ).toEqual(['http://127.0.0.1:8080/']);
  });

  it.each([
    ['an unknown event', { LONGSHORE_TELL_MAIL: 'job-done' }, /LONGSHORE_TELL_MAIL names "job-done".*job-completed/],
    ['news of an earlier version', { LONGSHORE_TELL_LOG: 'earlier' }, /"earlier", which is no event/],
    ['no secret', { LONGSHORE_WEBHOOKS: 'https://a.example/x' }, /LONGSHORE_WEBHOOK_SECRET_FILE is not/],
    ['no URL', { ...hooks, LONGSHORE_WEBHOOKS: 'a.example' }, /LONGSHORE_WEBHOOKS holds an address that is no URL/],
    [
      'no TLS',
      { ...hooks, LONGSHORE_WEBHOOKS: 'http://a.example/topsecret' },
      /^(?!.*topsecret).*https:\/\/ \(a\.example\)/,
    ],
    [
      'a password',
      { ...hooks, LONGSHORE_WEBHOOKS: 'https://u:topsecret@a.example/' },
      /^(?!.*topsecret).*a password \(a\.example\)/,
    ],
    [
      'another kind of address',
      { ...hooks, LONGSHORE_WEBHOOK_ALLOW_PRIVATE: 'true', LONGSHORE_WEBHOOKS: 'file:///etc/passwd' },
      /https:\/\//,
    ],
    ['a threshold that is none', { LONGSHORE_FAILURE_THRESHOLD: 'many' }, /LONGSHORE_FAILURE_THRESHOLD is "many"/],
    ['a share of more than all', { LONGSHORE_FAILURE_THRESHOLD: '101%' }, /LONGSHORE_FAILURE_THRESHOLD/],
    ['the template of an earlier version', { LONGSHORE_MAIL_TEMPLATE: 'mail.hbs' }, /run-ended\.text\.hbs/],
  ])('is refused with %s', (_, environment, sentence) => {
    let thrown: unknown;
    try {
      read(environment);
    } catch (found) {
      thrown = found;
    }
    expect(thrown).toMatchObject({ code: 'invalid-configuration', sentence: expect.stringMatching(sentence) });
  });
});
