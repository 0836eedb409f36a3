/** Runs a command in a container that is already running. */
import { LongshoreError, type Command, type CommandExit, type RunningContainer } from '@longshore/core';
import type { Exec, ExecInspectInfo } from 'dockerode';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectOutput } from './collect-output.js';
import { environmentList, IDLE, programOf } from './container-options.js';
import type { EngineConnection } from './engine-connection.js';
import { commandNotFound, duringCommand, engineError } from './engine-errors.js';
import { leftProcesses, OF_THE_CONTAINER } from './left-processes.js';
import { OomWatch } from './oom-watch.js';

const STOP_SHOWS_WITHIN_MS = 500;
const STEP_MS = 50;

/** The engine cannot kill an exec; whoever aborts has to remove the container, which also ends the streams here. */
export async function execCommand(
  connection: EngineConnection,
  container: RunningContainer,
  command: Command,
  atRest = OF_THE_CONTAINER,
): Promise<CommandExit> {
  try {
    const exec = await createExec(connection, container, command);
    using oom = await OomWatch.open(connection, container.id, command.signal);
    return await attend(connection, container, command, { exec, oom, atRest });
  } catch (thrown) {
    if (!command.signal?.aborted && isRefusal(thrown) && (await neverIdled(connection, container))) {
      throw commandNotFound(programOf(IDLE), undefined, 'a long-lived container needs it to wait for commands');
    }
    throw thrown;
  }
}

function createExec(
  connection: EngineConnection,
  { id, name }: RunningContainer,
  { argv, environment }: Command,
): Promise<Exec> {
  const request = { Cmd: argv, Env: environmentList(environment), AttachStdout: true, AttachStderr: true };
  return connection.ask(`preparing a command in ${name}`, (abortSignal) =>
    connection.docker.getContainer(id).exec({ ...request, abortSignal }),
  );
}

async function attend(
  connection: EngineConnection,
  container: RunningContainer,
  command: Command,
  { exec, oom, atRest }: { exec: Exec; oom: OomWatch; atRest: number },
): Promise<CommandExit> {
  const startedAt = performance.now();
  const stream = await connection.ask(`starting a command in ${container.name}`, (abortSignal) =>
    exec.start({ hijack: true, abortSignal }),
  );
  try {
    const log = await collectOutput(stream, command.signal);
    const facts = await exitOf(connection, exec, command.signal);
    const durationMs = Math.round(performance.now() - startedAt);
    const exitCode = facts.ExitCode ?? -1;
    if (neverStarted(facts)) throw startFailure(log, command, container);
    const left = await leftProcesses(connection, container, atRest);
    const outOfMemory = await oom.happened(exitCode);
    if (exitCode === 137 && !outOfMemory) await assertRunning(connection, container);
    return { exitCode, outOfMemory, log, durationMs, leftProcesses: left };
  } catch (thrown) {
    throw duringCommand(engineError(thrown, `running a command in ${container.name}`));
  } finally {
    stream.destroy();
  }
}

/** The stream ends when the command closes its output, which may be long before it ends. */
async function exitOf(connection: EngineConnection, exec: Exec, signal?: AbortSignal): Promise<ExecInspectInfo> {
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 250)) {
    const facts = await connection.ask('asking for an exit code', (abortSignal) => exec.inspect({ abortSignal }));
    if (!facts.Running) return facts;
    await sleep(pauseMs, undefined, { signal });
  }
}

/**
 * A command that never ran has no process id, which no program can fake; one that printed the same words and ended with 127 itself has.
 */
function neverStarted({ Pid, ExitCode }: ExecInspectInfo): boolean {
  return Pid === 0 && (ExitCode === 126 || ExitCode === 127);
}

/** The engine sends its own error down the command's output. */
function startFailure(log: string, command: Command, { name }: RunningContainer): LongshoreError {
  return engineError(new Error(log), `starting a command in ${name}`, { program: programOf(command) });
}

/** Killed from outside together with its container, a command has not failed by itself. */
async function assertRunning(connection: EngineConnection, container: RunningContainer): Promise<void> {
  if ((await stateOf(connection, container)).Running) return;
  throw new LongshoreError('engine-failed', `The container ${container.name} was stopped while a command ran in it.`);
}

/** The engine answered, and said no. */
function isRefusal(thrown: unknown): boolean {
  return (
    thrown instanceof LongshoreError && thrown.code === 'engine-failed' && !(thrown.cause instanceof LongshoreError)
  );
}

/**
 * Whether the container ended because its image lacks the program to idle with. That end follows the start by milliseconds, and shows
 * a little later still: the first command may meet the container in any state on the way.
 */
async function neverIdled(connection: EngineConnection, container: RunningContainer): Promise<boolean> {
  try {
    for (let waited = 0; waited < STOP_SHOWS_WITHIN_MS; waited += STEP_MS) {
      const { Running, ExitCode } = await stateOf(connection, container);
      if (!Running) return ExitCode === 126 || ExitCode === 127;
      await sleep(STEP_MS);
    }
  } catch {
    // The first error says more than the one of looking into it.
  }
  return false;
}

async function stateOf(connection: EngineConnection, { id, name }: RunningContainer) {
  const found = await connection.ask(`looking at ${name}`, (abortSignal) =>
    connection.docker.getContainer(id).inspect({ abortSignal }),
  );
  return found.State;
}
