/** How many tasks this worker takes at the same time: as many as it was told, or as many as what it may use of its machine has room for. */
import { availableParallelism, freemem, totalmem } from 'node:os';
import { formatBytes, limitsOf, type JobPlugin } from '@longshore/core';
import { cgroupLimits, type CgroupLimits } from './cgroup.js';

export interface MachineRoom {
  cpus: number;
  memoryBytes: number;
  memoryUsedBytes: number;
  /** Whether the memory is that of a control group, and not the whole machine's. */
  isLimited: boolean;
}

/** What the worker itself grows to while it moves bytes. */
const ownBytes = 256 * 1024 ** 2;

const most = 256;

/** The class is its injection token. */
export class SlotCount {
  private constructor(
    readonly slots: number,
    /** How it came to its number. */
    readonly reason: string,
    /** What the operator should know, where the machine has too little. */
    readonly warning: string | undefined,
  ) {}

  /** @param given what the operator says; nothing for what the machine has */
  static decide(given: number | undefined, { container }: JobPlugin, room = machineRoom()): SlotCount {
    if (given !== undefined) return new SlotCount(given, `Slots: ${given}, as LONGSHORE_SLOTS says.`, undefined);
    const { cpus, memoryBytes } = limitsOf(container.resources);
    const usable = Math.max(0, room.memoryBytes - room.memoryUsedBytes - ownBytes);
    // A share of a processor that is lost to rounding is one that nobody meant.
    const byCpus = Math.floor(room.cpus / cpus + 1e-9);
    const byMemory = Math.floor(usable / memoryBytes);
    const slots = Math.max(1, Math.min(most, byCpus, byMemory));
    const where = room.isLimited ? 'its control group' : 'this machine';
    const has = `${where} has ${rounded(room.cpus)} processors and ${formatBytes(usable)} of free memory beside the worker's own`;
    const needs = `a task of ${container.name} takes ${rounded(cpus)} and ${formatBytes(memoryBytes)}`;
    const lacks = [...(byCpus < 1 ? ['processors'] : []), ...(byMemory < 1 ? ['memory'] : [])];
    return new SlotCount(
      slots,
      `Slots: ${slots}, because ${has}, and ${needs}.`,
      lacks.length > 0
        ? `There is too little for even one task, in ${lacks.join(' and ')}: ${has}, and ${needs}.`
        : undefined,
    );
  }
}

/** A control group limits more closely than the machine, and the machine is asked only where none does. */
export function machineRoom(limits: CgroupLimits = cgroupLimits()): MachineRoom {
  const { cpus = Infinity, memory } = limits;
  const total = totalmem();
  const isLimited = memory !== undefined && memory.bytes < total;
  return {
    cpus: Math.min(cpus, availableParallelism()),
    ...(isLimited
      ? { memoryBytes: memory.bytes, memoryUsedBytes: memory.usedBytes }
      : { memoryBytes: total, memoryUsedBytes: total - freemem() }),
    isLimited,
  };
}

function rounded(count: number): string {
  return String(Math.round(count * 100) / 100);
}
