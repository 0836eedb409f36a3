import { describe, expect, it } from '@jest/globals';
import { OrchestratorConfig } from './orchestrator-config.js';

describe('the configuration of the orchestrator', () => {
  it('needs nothing and listens to this machine only', () => {
    expect(new OrchestratorConfig({})).toMatchObject({ host: '127.0.0.1', leaseSeconds: 60, whenDone: 'wait' });
  });

  it.each([
    ['127.0.0.1', true],
    ['127.0.0.2', true],
    ['localhost', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.1.5', false],
    ['127.0.0.1.example.org', false],
  ])('knows of %s whether only this machine reaches it: %s', (host, isLoopback) => {
    expect(new OrchestratorConfig({ LONGSHORE_HOST: host }).isLoopback).toBe(isLoopback);
  });

  it('S31: keeps of the tokens it is told only their hashes', () => {
    const secret = 'a-secret-that-nobody-can-guess-at-all';
    const config = new OrchestratorConfig({ LONGSHORE_ADMIN_TOKEN: secret, LONGSHORE_JOIN_TOKEN: `${secret}-2` });
    expect(config.access.tokens.map(({ role }) => role)).toEqual(['admin', 'join']);
    expect(JSON.stringify(config)).not.toContain(secret);
  });

  it.each(['tiny-one', 'long enough to be a secret, but with blanks in it'])(
    'refuses the token "%s" and does not show it',
    (secret) => {
      const read = () => new OrchestratorConfig({ LONGSHORE_ADMIN_TOKEN: secret });
      expect(read).toThrow(/LONGSHORE_ADMIN_TOKEN/);
      expect(read).not.toThrow(secret);
    },
  );

  it('lets the token of a worker live longer than a lease', () => {
    expect(new OrchestratorConfig({}).access.workerTokenMs).toBe(900_000);
    expect(new OrchestratorConfig({ LONGSHORE_LEASE_SECONDS: '3600' }).access.workerTokenMs).toBe(7_200_000);
  });

  it('refuses a heartbeat that leaves no room for a lost one', () => {
    expect(() => new OrchestratorConfig({ LONGSHORE_LEASE_SECONDS: '9', LONGSHORE_HEARTBEAT_SECONDS: '4' })).toThrow(
      /LONGSHORE_HEARTBEAT_SECONDS/,
    );
  });
});
