import { describe, expect, it } from '@jest/globals';
import { WorkerConfig } from './worker-config.js';

describe('the configuration of a worker', () => {
  it('needs a plugin and nothing else', () => {
    expect(new WorkerConfig({ LONGSHORE_PLUGIN: 'echo' })).toMatchObject({ plugin: 'echo', slots: undefined });
    expect(new WorkerConfig({ LONGSHORE_PLUGIN: 'echo', LONGSHORE_SLOTS: 'auto' }).slots).toBeUndefined();
    expect(new WorkerConfig({ LONGSHORE_PLUGIN: 'echo', LONGSHORE_SLOTS: '3' }).slots).toBe(3);
    expect(() => new WorkerConfig({})).toThrow(/LONGSHORE_PLUGIN/);
  });

  it.each([
    { LONGSHORE_URL: 'localhost' },
    { LONGSHORE_URL: 'ftp://orchestrator' },
    { LONGSHORE_WORKER_NAME: '../escape' },
    { LONGSHORE_SLOTS: '0' },
    { LONGSHORE_MAX_MEMORY: 'plenty' },
    { LONGSHORE_MAX_PIDS: '1.5' },
    { LONGSHORE_KEEP_FREE: '-1' },
    { LONGSHORE_ALLOW_NETWORKS: 'none,internet' },
    { LONGSHORE_REQUIRE_HARDENED: 'yes' },
    { LONGSHORE_CLUSTER: 'two words' },
    { LONGSHORE_CLOUD: 'gcp' },
    { LONGSHORE_SHUTDOWN: 'halt' },
    { LONGSHORE_ON_REBALANCE: 'panic' },
    { LONGSHORE_SPOT_POLL_SECONDS: '0' },
    { LONGSHORE_GIVE_UP_MINUTES: '-1' },
  ])('refuses %o and names the variable', (environment) => {
    const [name = ''] = Object.keys(environment);
    expect(() => new WorkerConfig({ LONGSHORE_PLUGIN: 'echo', ...environment })).toThrow(new RegExp(name));
  });

  it('looks its orchestrator up in a parameter unless it is told where it is', () => {
    const found = new WorkerConfig({ LONGSHORE_PLUGIN: 'echo', LONGSHORE_URL_PARAMETER: '/orchestrator/url' });
    expect([found.orchestratorUrl, found.cloud.urlParameter]).toEqual([undefined, '/orchestrator/url']);
    const LONGSHORE_URL = 'http://10.0.0.1:8480/';
    const both = { LONGSHORE_PLUGIN: 'echo', LONGSHORE_URL_PARAMETER: '/orchestrator/url', LONGSHORE_URL };
    const told = new WorkerConfig(both);
    expect([told.orchestratorUrl, told.cloud.urlParameter]).toEqual(['http://10.0.0.1:8480', undefined]);
  });

  it('waits for ever without an orchestrator, but an hour at most on a machine that it ends itself', () => {
    const cloud = (environment: Record<string, string>) =>
      new WorkerConfig({ LONGSHORE_PLUGIN: 'echo', ...environment }).cloud;
    expect(cloud({})).toMatchObject({ shutdown: 'exit', kind: 'auto', giveUpMs: undefined, spotPollMs: 5_000 });
    expect(cloud({ LONGSHORE_SHUTDOWN: 'stop' })).toMatchObject({ kind: 'ec2', giveUpMs: 3_600_000 });
    const told = { LONGSHORE_SHUTDOWN: 'stop', LONGSHORE_GIVE_UP_MINUTES: '5' };
    expect(cloud(told).giveUpMs).toBe(300_000);
  });

  it('cannot end a machine of no cloud', () => {
    const wrong = { LONGSHORE_PLUGIN: 'echo', LONGSHORE_CLOUD: 'none', LONGSHORE_SHUTDOWN: 'terminate' };
    expect(() => new WorkerConfig(wrong)).toThrow(/LONGSHORE_SHUTDOWN.*LONGSHORE_CLOUD/);
  });

  it('S14: allows no network and every size unless it is told otherwise', () => {
    const { policy } = new WorkerConfig({ LONGSHORE_PLUGIN: 'echo' });
    expect(policy.networks).toEqual(['none']);
    expect(new Set(Object.values(policy.largest))).toEqual(new Set([Infinity]));
    expect(policy.images).toBeUndefined();
  });

  it('S14: reads the policy of the operator', () => {
    const { policy } = new WorkerConfig({
      LONGSHORE_PLUGIN: 'echo',
      LONGSHORE_MAX_MEMORY: '2GiB',
      LONGSHORE_MAX_CPUS: '1.5',
      LONGSHORE_ALLOW_NETWORKS: 'none, bridge',
      LONGSHORE_ALLOW_IMAGES: 'busybox:*,ghcr.io/lab/*',
    });
    expect(policy).toMatchObject({
      largest: { memoryBytes: 2 ** 31, cpus: 1.5 },
      networks: ['none', 'bridge'],
      images: ['busybox:*', 'ghcr.io/lab/*'],
    });
  });
});
