/** Runs a command in a container that is already running. */
import { LongshoreError, type Command, type CommandExit, type RunningContainer } from '@longshore/core';
import type { Container, Exec, ExecInspectInfo } from 'dockerode';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectOutput } from './collect-output.js';
import { environmentList } from './container-options.js';
import type { EngineConnection } from './engine-connection.js';
import { commandNotFound, duringCommand, engineError } from './engine-errors.js';
import { OomWatch } from './oom-watch.js';

/** The engine cannot kill an exec; whoever aborts has to remove the container, which also ends the streams here. */
export async function execCommand(
  connection: EngineConnection,
  container: RunningContainer,
  command: Command,
): Promise<CommandExit> {
  const handle = connection.docker.getContainer(container.id);
  const exec = await createExec(connection, handle, container, command);
  using oom = await OomWatch.open(connection, container.id, command.signal);
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
    const outOfMemory = await oom.happened(exitCode);
    if (exitCode === 137 && !outOfMemory) await assertRunning(connection, handle, container);
    return { exitCode, outOfMemory, log, durationMs };
  } catch (thrown) {
    throw duringCommand(engineError(thrown, `running a command in ${container.name}`));
  } finally {
    stream.destroy();
  }
}

async function createExec(
  connection: EngineConnection,
  handle: Container,
  container: RunningContainer,
  { argv, environment }: Command,
): Promise<Exec> {
  try {
    return await connection.ask(
      `preparing a command in ${container.name}`,
      (abortSignal) =>
        handle.exec({
          Cmd: argv,
          Env: environmentList(environment),
          AttachStdout: true,
          AttachStderr: true,
          abortSignal,
        }),
      { program: argv[0] ?? '', name: container.name },
    );
  } catch (thrown) {
    const exitCode = await exitCodeOfStopped(connection, handle);
    if (exitCode !== 126 && exitCode !== 127) throw thrown;
    throw commandNotFound('sleep', undefined, 'a long-lived container needs it to wait for commands');
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
function startFailure(log: string, { argv }: Command, container: RunningContainer): LongshoreError {
  return engineError(new Error(log), `starting a command in ${container.name}`, { program: argv[0] ?? '' });
}

/** Killed from outside together with its container, a command has not failed by itself. */
async function assertRunning(
  connection: EngineConnection,
  handle: Container,
  container: RunningContainer,
): Promise<void> {
  const { State } = await connection.ask(`looking for ${container.name}`, (abortSignal) => handle.inspect({ abortSignal }));
  if (State.Running) return;
  throw new LongshoreError('engine-failed', `The container ${container.name} was stopped while a command ran in it.`);
}

async function exitCodeOfStopped(connection: EngineConnection, handle: Container): Promise<number | undefined> {
  try {
    const { State } = await connection.ask('looking for a container', (abortSignal) => handle.inspect({ abortSignal }));
    return State.Running ? undefined : State.ExitCode;
  } catch {
    return undefined;
  }
}
