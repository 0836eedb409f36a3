import { describe, expect, it } from '@jest/globals';
import { OrchestratorConfig } from './orchestrator-config.js';

describe('the configuration of the orchestrator', () => {
  it('needs nothing and listens to this machine only', () => {
    expect(new OrchestratorConfig({})).toMatchObject({ host: '127.0.0.1', leaseSeconds: 60, whenDone: 'wait' });
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'example.org'])(
    'refuses to listen at %s while there are no tokens',
    (host) => {
      expect(() => new OrchestratorConfig({ LONGSHORE_HOST: host })).toThrow(/LONGSHORE_HOST/);
    },
  );

  it('refuses a heartbeat that leaves no room for a lost one', () => {
    expect(() => new OrchestratorConfig({ LONGSHORE_LEASE_SECONDS: '9', LONGSHORE_HEARTBEAT_SECONDS: '4' })).toThrow(
      /LONGSHORE_HEARTBEAT_SECONDS/,
    );
  });
});
