/** Programs of Longshore as real processes, started the way a user's shell would start them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const repository = join(import.meta.dirname, '..', '..');
const command = join(repository, 'apps', 'cli', 'bin', 'longshore.js');

/** As the command line starts them. */
const lean = ['--max-semi-space-size=16'];

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export type Environment = Record<string, string>;

export class Process implements AsyncDisposable {
  private readonly child: ChildProcess;
  private stdout = '';
  private stderr = '';
  readonly ended: Promise<Ended>;

  constructor(program: string, args: string[], environment: Environment = {}) {
    // A process group of its own, so that what it starts can be ended with it.
    this.child = spawn(program, args, {
      cwd: repository,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', ...environment },
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr })),
    );
  }

  get output(): string {
    return this.stdout + this.stderr;
  }

  get isOver(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Signals it and all its descendants, as an interrupt at a terminal does. */
  killGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.kill(signal);
    return this.ended;
  }

  /** The first match of what it has written so far, or will write. */
  async wrote(pattern: RegExp, withinMs = 30_000): Promise<RegExpExecArray> {
    return eventually(
      () => {
        const match = pattern.exec(this.output);
        if (!match && this.isOver) throw new Error(`It ended first:\n${this.output}`);
        return match ?? undefined;
      },
      withinMs,
      () => `${pattern} in:\n${this.output}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.killGroup('SIGKILL');
    await this.ended;
  }
}

/** `longshore <args>`, to its end. */
export async function longshore(args: string[], environment: Environment = {}): Promise<Ended> {
  return new Process(process.execPath, [command, ...args], environment).ended;
}

export function startLongshore(args: string[], environment: Environment = {}): Process {
  return new Process(process.execPath, [command, ...args], environment);
}

/** The program itself, without the command line in between, so that a signal reaches it. */
export function startProgram(app: 'orchestrator' | 'worker', environment: Environment): Process {
  return new Process(process.execPath, [...lean, join(repository, 'apps', app, 'dist', 'main.js')], environment);
}

/** Asks again and again until there is an answer; a test waits no longer than it must, and says what it waited for. */
export async function eventually<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  withinMs: number,
  what: () => string,
): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > until) throw new Error(`Waited ${withinMs} ms for ${what()}`);
    await sleep(50);
  }
}
