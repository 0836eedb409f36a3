/** Which process has a process id now: ids are used again, and what is ended must be the one that was started. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The same text as long as the same process has this id; undefined once it has ended. */
export function identityOf(pid: number): string | undefined {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** The start in ticks since the boot, https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, and which boot that was. */
function fromProc(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const [state = '', ...numbers] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Where nobody reaps what has ended, as in a container whose first process is none that does, it stays in this state.
  if (state === 'Z' || state === 'X') return undefined;
  return `${read('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}:${numbers[18]}`;
}

function fromPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [state = 'Z', ...start] = line.split(/\s+/);
    return state.startsWith('Z') ? undefined : start.join(' ');
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
