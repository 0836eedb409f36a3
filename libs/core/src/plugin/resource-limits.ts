/** The limits of a container as plain numbers, with what a plugin leaves open filled in. */
import type { ResourceLimits } from './job-plugin.js';
import { parseBytes } from './memory-size.js';

export interface Limits {
  cpus: number;
  memoryBytes: number;
  pids: number;
  openFiles: number;
  outputBytes: number;
  outputFiles: number;
  temporaryBytes: number;
}

/** The engine's own floor for memory is 6 MiB; programs fail in odd ways below a few open files. */
const defaults = { openFiles: 1_024, outputBytes: '4GiB', outputFiles: 20_000, temporaryBytes: '64MiB' };

/** @throws LongshoreError `invalid-configuration` when a size is no size */
export function limitsOf(resources: ResourceLimits): Limits {
  const { cpus, memory, pids, openFiles, outputBytes, outputFiles, temporaryBytes } = { ...defaults, ...resources };
  return {
    cpus,
    memoryBytes: parseBytes(memory),
    pids,
    openFiles,
    outputBytes: parseBytes(outputBytes),
    outputFiles,
    temporaryBytes: parseBytes(temporaryBytes),
  };
}

/** What is wrong with the limits of a plugin, each beginning with the name of the field. */
export function limitFaults(resources: ResourceLimits): string[] {
  const faults: string[] = [];
  const { cpus, memory } = resources;
  const filled = { ...defaults, ...resources };
  if (!(cpus > 0 && Number.isFinite(cpus))) faults.push('cpus must be more than 0');
  for (const name of ['pids', 'openFiles', 'outputFiles'] as const) {
    if (!Number.isInteger(filled[name]) || filled[name] < 1) faults.push(`${name} must be at least 1`);
  }
  for (const [name, text] of [
    ['memory', memory],
    ['outputBytes', filled.outputBytes],
    ['temporaryBytes', filled.temporaryBytes],
  ] as const) {
    if (!isSize(text)) faults.push(`${name} "${text}" is not a size`);
  }
  return faults;
}

function isSize(text: string): boolean {
  try {
    const bytes = parseBytes(text);
    return bytes > 0 && Number.isSafeInteger(bytes);
  } catch {
    return false;
  }
}
