/** Starts the other programs of Longshore as processes of their own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProcessMessage } from '@longshore/adapters/settings';
import { LongshoreError } from '@longshore/core';

type Program = '@longshore/orchestrator/main' | '@longshore/worker/main';

/** While a million objects are listed, V8 would otherwise keep 100 MB for what lives shortly, and be no quicker for it. */
const lean = ['--max-semi-space-size=16'];

/** Runs a program in the foreground until it ends; interrupts reach it through the terminal. @returns its exit code */
export function runForeground(program: Program, environment: Record<string, string>): Promise<number> {
  const child = spawn(process.execPath, [...lean, entryOf(program)], {
    // The channel tells it when this process is gone, however it went: nobody would know of a program that is left over.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...environment },
  });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

export interface ChildEnd {
  /** The exit code; null when a signal ended it. */
  code: number | null;
  /** What it said was fatal, if anything. */
  fatal: LongshoreError | undefined;
}

/** A program in the background that says when it is ready and why it ends. Its output goes to a log file. */
export class BackgroundProcess {
  readonly ended: Promise<ChildEnd>;
  private readonly readiness: Promise<string | undefined>;

  private constructor(private readonly child: ChildProcess) {
    let fatal: LongshoreError | undefined;
    let ready: (url: string | undefined) => void = () => undefined;
    this.readiness = new Promise((resolve) => (ready = resolve));
    child.on('message', (message: ProcessMessage) => {
      if (message.type === 'ready') ready(message.url);
      if (message.type === 'fatal') fatal = new LongshoreError(message.code, message.message, remedyOf(message));
    });
    this.ended = new Promise((resolve) => child.once('close', (code) => resolve({ code, fatal })));
  }

  static start(program: Program, environment: Record<string, string>, logPath: string): BackgroundProcess {
    const log = openSync(logPath, 'a');
    try {
      const child = spawn(process.execPath, [...lean, entryOf(program)], {
        // Its own process group: an interrupt at the terminal reaches this command alone, which then stops things in order.
        detached: true,
        stdio: ['ignore', log, log, 'ipc'],
        env: { ...process.env, ...environment },
      });
      return new BackgroundProcess(child);
    } finally {
      closeSync(log);
    }
  }

  /** @returns the address it serves at, if it serves @throws LongshoreError what it says is fatal */
  async ready(): Promise<string | undefined> {
    return Promise.race([
      this.readiness,
      this.ended.then(({ code, fatal }) => {
        throw (
          fatal ?? new LongshoreError('internal-error', `A process ended with exit code ${code} before it was ready.`)
        );
      }),
    ]);
  }

  /** Asks it to end, and ends it when it does not. */
  async stop(graceMs: number): Promise<void> {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(timer);
  }
}

function remedyOf({ remedy }: { remedy?: string }): { remedy?: string } {
  return remedy === undefined ? {} : { remedy };
}

/** The file a program starts with. */
export function entryOf(program: Program): string {
  return fileURLToPath(import.meta.resolve(program));
}
