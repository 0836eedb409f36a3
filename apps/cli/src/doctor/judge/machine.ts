/** Judges what this machine has: Node, memory, processors, open files. */
import { formatBytes, type Limits } from '@longshore/core';
import { finding, notAsked, type Finding } from '../finding.js';

/** What a plugin wants for one slot, and how many there are. */
export interface Demand {
  plugin: string;
  limits: Limits;
  slots: number;
}

export interface Supply {
  /** Memory by who limits it: the machine, a cgroup, the engine. */
  memory: { by: string; bytes: number }[];
  cpus: number;
}

/** The first for `node:sqlite` without a warning and for what the tests use. */
const oldestNode = [24, 9] as const;

export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
  if (!isOld) return finding('node-ok', 'node', `Node.js ${version}.`);
  return finding('node-old', 'node', `This is Node.js ${version}; Longshore needs ${oldestNode.join('.')} or newer.`);
}

export function judgeMemory({ memory }: Supply, demand: Demand | undefined): Finding {
  const [least, ...others] = [...memory].sort((one, other) => one.bytes - other.bytes);
  if (!least) return notAsked('memory', 'nobody says how much there is');
  const tells = others.length > 0 && least.by !== 'the machine' ? `, as ${least.by} limits it` : '';
  const usable = `${formatBytes(least.bytes)} of memory${tells}`;
  if (!demand) return finding('memory-ok', 'memory', `${usable}; no plugin was named to compare it with.`);
  const { plugin, slots } = demand;
  const { memoryBytes } = demand.limits;
  const wants = `${plugin} wants ${formatBytes(memoryBytes)} for each of ${inSlots(slots)}`;
  const fitting = Math.floor(least.bytes / memoryBytes);
  if (fitting < 1) return finding('memory-short', 'memory', `${usable}, and ${wants}: not one fits.`);
  if (fitting < slots) return finding('memory-tight', 'memory', `${usable}, and ${wants}: ${fitting} of them fit.`);
  return finding('memory-ok', 'memory', `${usable}; ${wants}.`);
}

export function judgeCpus({ cpus }: Supply, demand: Demand | undefined): Finding {
  const there = cpus === 1 ? '1 processor' : `${cpus} processors`;
  if (!demand) return finding('cpus-ok', 'cpus', `${there}.`);
  const { plugin, slots, limits } = demand;
  const wants = `${plugin} wants ${limits.cpus} for each of ${inSlots(slots)}`;
  return limits.cpus * slots > cpus
    ? finding('cpus-short', 'cpus', `${there}, and ${wants}.`)
    : finding('cpus-ok', 'cpus', `${there}; ${wants}.`);
}

/** Some hundred workers with a few connections each. */
const manyFiles = 4_096;

/** @param limit undefined where it is unlimited or nobody tells */
export function judgeOpenFiles(limit: number | undefined): Finding {
  if (limit === undefined) return finding('files-ok', 'open files', 'No limit that is known.');
  const said = `A process may have ${limit} files open`;
  if (limit >= manyFiles) return finding('files-ok', 'open files', `${said}.`);
  return finding('files-low', 'open files', `${said}; an orchestrator with hundreds of workers wants ${manyFiles}.`);
}

/** @param limits what `/proc/self/limits` says */
export function openFilesIn(limits: string): number | undefined {
  const [, soft = ''] = /^Max open files +(\d+)/m.exec(limits) ?? [];
  return soft === '' ? undefined : Number(soft);
}

function inSlots(slots: number): string {
  return slots === 1 ? '1 slot' : `${slots} slots`;
}
