import { totalmem } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { aPlugin } from '@longshore/core/testing';
import { machineRoom, SlotCount, type MachineRoom } from './slot-count.js';

const MiB = 1024 ** 2;

/** The plugin takes one processor and 64 MiB; the worker itself 256 MiB. */
const decide = (room: Partial<MachineRoom>, given?: number) => {
  const { container } = aPlugin();
  const plugin = { ...aPlugin(), container: { ...container, resources: { cpus: 1, memory: '64MiB', pids: 8 } } };
  const whole = { cpus: 8, memoryBytes: 8_192 * MiB, memoryUsedBytes: 0, isLimited: true, ...room };
  return SlotCount.decide(given, plugin, whole);
};

describe('the number of slots', () => {
  it.each<[string, Partial<MachineRoom>, number]>([
    ['the processors, where there is memory enough', {}, 8],
    ['whole tasks of a share of processors', { cpus: 2.5 }, 2],
    ['the memory, where that is short', { memoryBytes: 512 * MiB }, 4],
    ['the memory that is not in use', { memoryBytes: 512 * MiB, memoryUsedBytes: 130 * MiB }, 1],
  ])('follows %s', (_, room, slots) => {
    const decided = decide(room);
    expect([decided.slots, decided.warning]).toEqual([slots, undefined]);
    expect(decided.reason).toContain(`Slots: ${slots}, because its control group has`);
  });

  it('is one, with a warning that says what is missing, where not even one task fits', () => {
    expect(decide({ cpus: 0.5 })).toMatchObject({ slots: 1, warning: expect.stringContaining('in processors: ') });
    expect(decide({ memoryBytes: 128 * MiB })).toMatchObject({
      slots: 1,
      warning: expect.stringContaining('in memory: '),
    });
  });

  it('is what the operator says, whatever the machine has', () => {
    expect(decide({ cpus: 0.5 }, 7)).toMatchObject({ slots: 7, warning: undefined });
  });
});

describe('what there is for a worker', () => {
  it('is what its control group leaves, and never the machine', () => {
    const room = machineRoom({ cpus: 0.5, memory: { bytes: 100 * MiB, usedBytes: 10 * MiB } });
    expect(room).toEqual({ cpus: 0.5, memoryBytes: 100 * MiB, memoryUsedBytes: 10 * MiB, isLimited: true });
  });

  it('is the machine where no group limits it', () => {
    expect(machineRoom({})).toMatchObject({ memoryBytes: totalmem(), isLimited: false });
  });
});
