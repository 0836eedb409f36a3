/** Who on this machine owns a container or a workspace, so that what a killed process left can be told from what a living one uses. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { answersAt } from './sign-of-life.js';

export interface ProcessOwner {
  /** Unique among the workers of one machine. */
  worker: string;
  host: string;
  pid: number;
  /** Start time of the process as the kernel counts it, because process ids are used again. */
  startedAt: string;
  /** The space in which the process id counts: each container has one of its own. Unknown of workers of an earlier version. */
  space?: string;
  /** Its folder, where it gives a sign of life to those who count process ids otherwise. */
  home?: string;
}

export function thisProcess(worker: string, home?: string): ProcessOwner {
  const owner = { worker, host: hostname(), pid: process.pid, startedAt: startOf(process.pid) ?? '', space: space() };
  return home === undefined ? owner : { ...owner, home };
}

export function isThisProcess({ host, pid, startedAt, space: theirs }: ProcessOwner): boolean {
  const me = thisProcess('');
  return host === me.host && pid === me.pid && startedAt === me.startedAt && theirs === me.space;
}

/** True when the owner's process has ended; undefined for one of which nothing is known here, as on another machine. */
export async function hasEnded(owner: ProcessOwner): Promise<boolean | undefined> {
  const countsHere = owner.host === hostname() && (owner.space ?? space()) === space();
  if (countsHere) return hasEndedHere(owner);
  const answers = owner.home === undefined ? undefined : await answersAt(owner.home);
  return answers === undefined ? undefined : !answers;
}

function hasEndedHere(owner: ProcessOwner): boolean {
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

/** The same text for all processes that count process ids alike. */
function space(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
