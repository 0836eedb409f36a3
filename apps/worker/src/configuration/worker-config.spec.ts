import { describe, expect, it } from '@jest/globals';
import { WorkerConfig } from './worker-config.js';

describe('the configuration of a worker', () => {
  it('needs a plugin and nothing else', () => {
    expect(new WorkerConfig({ LONGSHORE_PLUGIN: 'echo' })).toMatchObject({ plugin: 'echo', slots: 1 });
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
  ])('refuses %o and names the variable', (environment) => {
    const [name = ''] = Object.keys(environment);
    expect(() => new WorkerConfig({ LONGSHORE_PLUGIN: 'echo', ...environment })).toThrow(new RegExp(name));
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
