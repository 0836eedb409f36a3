/** Finds the processes of a container by the mark in their environment, and ends them. */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { LongshoreError } from '@longshore/core';

/** Children inherit it, through any number of forks and sessions. */
export const markVariable = 'LONGSHORE_CONTAINER';

/** A killed process is gone within milliseconds, unless it waits for a disk. */
const GONE_WITHIN_MS = 10_000;
const PAUSE_MS = 10;

/** What has just ended is reaped a moment later. */
const LOOKS = 4;
const STEP_MS = 25;

interface ProcessFacts {
  pid: number;
  parent: number;
  group: number;
  session: number;
}

export class LivingProcesses {
  /** Sessions of commands, for processes that have taken the mark off. A number is not given again while one of the session lives. */
  private readonly sessions = new Map<string, number>();

  remember(id: string, session: number): void {
    this.sessions.set(id, session);
  }

  /** Whether a command that has ended left any. */
  async areLeft(id: string): Promise<boolean> {
    for (let look = 1; ; look += 1) {
      if ((await this.of(id)).length === 0) {
        this.sessions.delete(id);
        return false;
      }
      if (look === LOOKS) return true;
      await sleep(STEP_MS);
    }
  }

  /** @throws LongshoreError `engine-failed` when one does not end */
  async killAll(id: string): Promise<void> {
    const deadline = performance.now() + GONE_WITHIN_MS;
    for (let left = await this.of(id); left.length > 0; left = await this.of(id)) {
      if (performance.now() > deadline) {
        const pids = left.map(({ pid }) => pid).join(', ');
        throw new LongshoreError('engine-failed', `Processes of a container do not end: ${pids}.`);
      }
      // A whole group at once: one that forks while it is killed process by process could go on for ever.
      for (const group of new Set(left.map(({ group }) => group))) kill(-group);
      for (const { pid } of left) kill(pid);
      await sleep(PAUSE_MS);
    }
    this.sessions.delete(id);
  }

  private async of(id: string): Promise<ProcessFacts[]> {
    const all = await allProcesses();
    const session = this.sessions.get(id);
    const marked = await Promise.all(all.map((facts) => carries(facts.pid, id)));
    const found = new Set(all.filter((facts, index) => marked[index] === true || facts.session === session));
    const sessions = new Set([...found].map((facts) => facts.session));
    // Who is of the same session, or a child of one, is of the container, whatever its environment says by now.
    for (let before = -1; before !== found.size;) {
      before = found.size;
      const pids = new Set([...found].map(({ pid }) => pid));
      for (const facts of all) if (sessions.has(facts.session) || pids.has(facts.parent)) found.add(facts);
    }
    return [...found];
  }
}

function kill(target: number): void {
  // Never everybody, never this process's own group.
  if (target === 0 || target === -1 || target === -process.pid || target === process.pid) return;
  try {
    process.kill(target, 'SIGKILL');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
  }
}

async function allProcesses(): Promise<ProcessFacts[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => factsOf(Number(pid))));
  return found.filter((facts) => facts !== undefined);
}

/** Nothing of one that has ended and waits to be reaped. */
async function factsOf(pid: number): Promise<ProcessFacts | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [state = 'Z', ...numbers] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [parent = 0, group = 0, session = 0] = numbers.map(Number);
  return state === 'Z' || state === 'X' || stat === '' ? undefined : { pid, parent, group, session };
}

/** Those of other users cannot be read, and are not ours. */
async function carries(pid: number, id: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  return environment.split('\0').includes(`${markVariable}=${id}`);
}
