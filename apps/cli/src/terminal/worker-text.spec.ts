import { describe, expect, it } from '@jest/globals';
import { workerSummary } from '@longshore/core/protocol';
import { aWorker } from '@longshore/core/testing';
import { workerText } from './worker-text.js';

describe('a worker at a terminal', () => {
  it('is shown with what it does, what it runs on, and why it left', () => {
    const worker = aWorker({
      id: 'w-1',
      plugin: 'echo',
      slots: 2,
      state: 'shutting-down',
      lastSeenAt: 1_000,
      farewell: 'its machine is taken away',
      instance: {
        name: 'host-7',
        id: 'i-1',
        type: 'g4dn.xlarge',
        zone: 'us-east-1a',
        cpus: 4,
        memoryBytes: 16 * 1024 ** 3,
        gpus: 1,
        gpu: 'Tesla T4',
      },
    });
    expect(workerText(workerSummary(worker, [], 31_000))).toBe(
      [
        'w-1  shutting-down, echo, 2 slots, heard of 30 s ago',
        '  on host-7, i-1, g4dn.xlarge, us-east-1a, 4 CPUs, 16.0 GiB, 1 × Tesla T4',
        '  it left: its machine is taken away',
        '',
      ].join('\n'),
    );
  });

  it('is shown without what nobody knows, and cannot write to the terminal', () => {
    const { plugin: _, ...worker } = aWorker({ id: 'w-2', hostname: 'h\u001b[31m', lastSeenAt: 0, slots: 1 });
    const text = workerText(workerSummary(worker, [], 0));
    expect(text).not.toContain('\u001b');
    expect(text).toMatch(/^w-2 {2}idle, 1 slot, heard of 0 s ago\n {2}on h.*\n$/);
  });
});
