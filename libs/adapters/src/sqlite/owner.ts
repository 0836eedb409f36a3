/** Who has the state file open. The lock on the file is the truth; this record, beside it, only names its holder. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

export interface Owner {
  pid: number;
  host: string;
  startedAt: string;
  /** Where it serves, once it does. */
  url?: string;
}

/** Called by whoever holds the lock, so nobody else writes it. A name is worth no failure: a disk that is full keeps nobody from working. */
export function nameOwner(path: string, url?: string): void {
  const startedAt = new Date(Date.now() - process.uptime() * 1000).toISOString();
  const owner: Owner = { pid: process.pid, host: hostname(), startedAt, ...(url !== undefined && { url }) };
  try {
    writeFileSync(recordOf(path), JSON.stringify(owner), { mode: 0o600 });
  } catch {
    // Then a second orchestrator is refused without a name.
  }
}

export function forgetOwner(path: string): void {
  rmSync(recordOf(path), { force: true });
}

/** The holder in words. A record of a process that has ended was left by a kill, and names nobody. */
export function ownerInWords(path: string): string {
  const owner = readOwner(path);
  if (!owner || (owner.host === hostname() && !isAlive(owner.pid))) return 'Another process';
  const serving = owner.url === undefined ? '' : `, serving at ${owner.url}`;
  return `The orchestrator with process id ${owner.pid} on ${owner.host}, started ${owner.startedAt}${serving},`;
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(recordOf(path), 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function recordOf(path: string): string {
  return `${path}.owner`;
}
