/** One worker process that outlives the command that starts it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { LongshoreError, messageOf } from '@longshore/core';
import { identityOf } from './process-identity.js';

export interface StartOrder {
  /** Program and arguments. */
  command: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
  folder: string;
  /** What it says goes to the end of this file. */
  log: string;
}

/**
 * A process that waits. Whoever starts it may be killed before it has written down that it did; then nothing comes through the pipe but its end, and
 * no worker runs that nobody knows. Program and start time stay those of one process.
 */
export class WaitingWorker {
  readonly pid: number;
  readonly identity: string;

  private constructor(
    private readonly child: ChildProcess,
    log: string,
  ) {
    const identity = child.pid === undefined ? undefined : identityOf(child.pid);
    if (child.pid === undefined || identity === undefined) {
      throw new LongshoreError('machine-failed', 'A worker process could not be started.', {
        remedy: `See whether this machine has room for more; its log is ${log}.`,
      });
    }
    this.pid = child.pid;
    this.identity = identity;
  }

  static start({ command, environment, folder, log }: StartOrder): WaitingWorker {
    if (!existsSync(folder)) {
      throw new LongshoreError('machine-failed', `The folder ${folder} is gone, in which this fleet was started.`, {
        remedy: 'Take the fleet down, and start it where its plugin is.',
      });
    }
    try {
      mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
      const file = openSync(log, 'a', 0o600);
      try {
        const child = spawn('/bin/sh', ['-c', 'read -r go && exec "$@" < /dev/null', 'longshore', ...command], {
          cwd: folder,
          // Of no terminal: an interrupt of the command that starts it does not reach it.
          detached: true,
          stdio: ['pipe', file, file],
          env: environment,
        });
        child.on('error', () => undefined);
        child.stdin?.on('error', () => undefined);
        child.unref();
        return new WaitingWorker(child, log);
      } finally {
        closeSync(file);
      }
    } catch (thrown) {
      if (thrown instanceof LongshoreError) throw thrown;
      throw new LongshoreError('machine-failed', `A worker process could not be started: ${messageOf(thrown)}.`, {
        cause: thrown,
      });
    }
  }

  /** Now it is known. */
  go(): void {
    this.child.stdin?.end('go\n');
  }

  /** Nobody will know of it. */
  forget(): void {
    this.child.stdin?.end();
  }
}

/** Signals a process if it is still the one that was started. @returns whether it was */
export function signalWorker({ pid, identity }: { pid: number; identity: string }, signal: NodeJS.Signals): boolean {
  if (identityOf(pid) !== identity) return false;
  try {
    process.kill(pid, signal);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw new LongshoreError(
      'access-denied',
      `The worker process ${pid} cannot be told to end: ${messageOf(thrown)}.`,
      {
        remedy: 'Do it as the user who started the fleet.',
        cause: thrown,
      },
    );
  }
}
