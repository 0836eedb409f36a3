/** Who on this machine owns a container or a workspace, so that what a killed process left can be told from what a living one uses. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessOwner {
  /** Unique among the workers of one machine. */
  worker: string;
  host: string;
  pid: number;
  /** Start time of the process as the kernel counts it, because process ids are used again. */
  startedAt: string;
}

export function thisProcess(worker: string): ProcessOwner {
  return { worker, host: hostname(), pid: process.pid, startedAt: startOf(process.pid) ?? '' };
}

/** True when the owner's process has ended; undefined for an owner on another machine, of which nothing is known here. */
export function hasEnded(owner: ProcessOwner): boolean | undefined {
  if (owner.host !== hostname()) return undefined;
  if (!isRunning(owner.pid)) return true;
  const startedAt = startOf(owner.pid);
  return startedAt !== undefined && owner.startedAt !== '' && startedAt !== owner.startedAt;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of /proc/<pid>/stat; undefined where there is no such file system. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
