/** Starts one process and attends it to its end. */
import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { LongshoreError, messageOf, type CommandExit } from '@longshore/core';
import { OutputLog } from '../commands/output-log.js';
import type { Launch } from './launch.js';

/** What a command leaves running may hold its output open for ever; what it wrote itself is in the pipe by now. */
const QUIET_MS = 100;
const LATEST_MS = 2_000;

type End = Pick<CommandExit, 'exitCode' | 'log' | 'durationMs'>;

/** @param begun called with the process id, which is also that of its session and its group */
export async function attendCommand(
  { argv: [program, ...values], environment, user }: Launch,
  begun: (pid: number) => Promise<void>,
): Promise<End> {
  const startedAt = performance.now();
  const child = spawn(program, values, {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...user,
  });
  const ended = endOf(child);
  const output = new Output(child);
  try {
    const [exitCode] = await Promise.all([ended, child.pid === undefined ? undefined : begun(child.pid)]);
    const durationMs = Math.round(performance.now() - startedAt);
    await output.quiet();
    return { exitCode, log: output.log.text(), durationMs };
  } finally {
    output.leave();
  }
}

/** 128 and the number of the signal for one that was killed, as engines count. */
function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (thrown) =>
      reject(
        new LongshoreError('engine-failed', `The command could not be started: ${messageOf(thrown)}.`, {
          cause: thrown,
        }),
      ),
    );
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

class Output {
  readonly log = new OutputLog();
  private received = 0;
  private readonly closed: Promise<void>;

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.received += chunk.length;
        this.log.write(chunk);
      });
    }
    this.closed = new Promise((resolve) => child.once('close', () => resolve()));
  }

  async quiet(): Promise<void> {
    const latest = performance.now() + LATEST_MS;
    for (let before = -1; before !== this.received && performance.now() < latest;) {
      before = this.received;
      if (await Promise.race([this.closed.then(() => true), sleep(QUIET_MS, false)])) return;
    }
  }

  leave(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }
}
