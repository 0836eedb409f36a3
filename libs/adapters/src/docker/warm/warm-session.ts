/** Runs the commands of one container through the resident process in it. */
import { LongshoreError, type Command, type CommandExit, type RunningContainer } from '@longshore/core';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { OutputLog } from '../../commands/output-log.js';
import { programOf } from '../container-options.js';
import type { EngineConnection } from '../engine-connection.js';
import { commandNotFound } from '../engine-errors.js';
import { OomWatch } from '../oom-watch.js';
import { PROCESSES_AT_REST, residentArgv } from './resident-program.js';
import { ResidentLine, type Reply } from './resident-line.js';

/** It takes 0.1 s on an idle machine. */
const READY_WITHIN_MS = 20_000;

/** What has just ended is reaped a moment later; together as long as the engine's own list of processes is given. */
const LOOK_AGAIN_AFTER_MS = [1, 3, 10, 25, 60];

const KILLED = 137;

export class WarmSession implements Disposable {
  private readonly line: ResidentLine;
  /** As of the last answer; undefined when other commands have run meanwhile. */
  private kills: number | undefined;

  private constructor(
    stream: Duplex,
    name: string,
    private readonly oom: OomWatch,
  ) {
    // While a command runs, its verdict still needs the watch.
    this.line = new ResidentLine(stream, name, () => this.line.isBusy || this.oom[Symbol.dispose]());
  }

  /**
   * Undefined where the container cannot hold such a process: its image lacks a shell, cp or chmod, or its kernel or engine shows no
   * counts of kills and processes in there.
   */
  static async open(
    connection: EngineConnection,
    container: RunningContainer,
    shell = 'sh',
  ): Promise<WarmSession | undefined> {
    try {
      const oom = await OomWatch.open(connection, container.id);
      using opened = new DisposableStack();
      opened.use(oom);
      const session = opened.use(
        new WarmSession(await startResident(connection, container, shell), container.name, oom),
      );
      if (!(await within(READY_WITHIN_MS, session.isAtRest()))) return undefined;
      opened.move();
      return session;
    } catch {
      // Whatever it is, the engine says it again to the first command.
    }
    return undefined;
  }

  get isBroken(): boolean {
    return this.line.isBroken;
  }

  /** Whether the command can be run here. Every other is for the engine's exec, in the same container. */
  takes(command: Command): boolean {
    return !this.line.isBusy && this.line.requests.suit(command);
  }

  /** The engine has run a command beside this session. */
  overtaken(): void {
    this.kills = undefined;
  }

  /** @throws LongshoreError `command-not-found`, or `engine-failed` when the resident process is gone */
  async run(command: Command): Promise<CommandExit> {
    const log = new OutputLog();
    const startedAt = performance.now();
    const spent = (): number => Math.round(performance.now() - startedAt);
    this.oom.forget();
    try {
      const before = this.kills ?? (await this.line.ask(undefined, log)).kills;
      const reply = await this.line.ask(command, log);
      const durationMs = spent();
      if (reply.refused) throw commandNotFound(programOf(command), undefined, log.text());
      const [last, leftProcesses] = await this.lookUntilRest(reply, log);
      this.kills = last.kills;
      const { exitCode } = reply;
      return { exitCode, outOfMemory: last.kills > before, log: log.text(), durationMs, leftProcesses };
    } catch (thrown) {
      if (!(await this.wasKilled())) throw thrown;
      // The kernel chose the resident process too, or in the place of the command.
      return { exitCode: KILLED, outOfMemory: true, log: log.text(), durationMs: spent(), leftProcesses: true };
    }
  }

  [Symbol.dispose](): void {
    this.line.close();
    this.oom[Symbol.dispose]();
  }

  /** Whether the resident process is there, and nobody else. */
  private async isAtRest(): Promise<boolean> {
    await this.line.ready();
    const log = new OutputLog();
    const [, left] = await this.lookUntilRest(await this.line.ask(undefined, log), log);
    return !left;
  }

  /** Whether the resident process is gone because the container ran out of memory. */
  private async wasKilled(): Promise<boolean> {
    if (!this.isBroken) return false;
    const killed = await this.oom.happened(KILLED);
    this.oom[Symbol.dispose]();
    return killed;
  }

  /** The last answer, and whether processes are left by then. What they print in the meantime is added to the log. */
  private async lookUntilRest(reply: Reply, log: OutputLog): Promise<[last: Reply, left: boolean]> {
    let last = reply;
    for (const pauseMs of LOOK_AGAIN_AFTER_MS) {
      if (!last.complete || last.processes <= PROCESSES_AT_REST) break;
      await sleep(pauseMs);
      last = await this.line.ask(undefined, log);
    }
    return [last, !last.complete || last.processes > PROCESSES_AT_REST];
  }
}

async function startResident(
  connection: EngineConnection,
  { id, name }: RunningContainer,
  shell: string,
): Promise<Duplex> {
  const streams = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
  const exec = await connection.ask(`preparing the resident process of ${name}`, (abortSignal) =>
    connection.docker.getContainer(id).exec({ Cmd: residentArgv(shell), ...streams, abortSignal }),
  );
  return connection.ask(`starting the resident process of ${name}`, (abortSignal) =>
    exec.start({ hijack: true, stdin: true, abortSignal }),
  );
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = new AbortController();
  const timeout = sleep(ms, undefined, { signal: late.signal }).then(() => {
    throw new LongshoreError('engine-failed', `The resident process did not answer within ${ms / 1000} s.`);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    late.abort();
    timeout.catch(() => undefined);
  }
}
