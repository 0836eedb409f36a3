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
  ])('refuses %o and names the variable', (environment) => {
    const [name = ''] = Object.keys(environment);
    expect(() => new WorkerConfig({ LONGSHORE_PLUGIN: 'echo', ...environment })).toThrow(new RegExp(name));
  });
});
