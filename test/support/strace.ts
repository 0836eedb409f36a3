/** Programs under `strace`: what they ask of the kernel, and failures at exactly the call one wants. */
import { join } from 'node:path';
import { Process, repository, type Environment } from './process.js';

export interface Watched {
  /** System calls to write down, separated by commas. */
  trace: string;
  /** As strace reads it: `fsync:signal=SIGKILL:when=3`, `pwrite64:error=ENOSPC:when=5+`. */
  inject?: string | undefined;
  /** Where they are written down. */
  log: string;
  /** Only calls that touch these files, where given. */
  files?: readonly string[];
}

/** The kernel's answers reach the program itself: the process is the program, and strace stands beside it. */
export function startWatched(watched: Watched, args: readonly string[], environment: Environment): Process {
  const { trace, inject, log, files = [] } = watched;
  const options = ['-D', '-f', '-qq', '-yy', '-o', log, '-e', `trace=${trace}`];
  // The filter stops only the calls that are wanted, which is faster; but no signal can be sent at its stops.
  options.push(...(inject === undefined ? ['--seccomp-bpf'] : ['-e', `inject=${inject}`]));
  for (const file of files) options.push('-P', file);
  return new Process('strace', [...options, process.execPath, ...args], environment);
}

export function orchestratorEntry(): string {
  return join(repository, 'apps', 'orchestrator', 'dist', 'main.js');
}
