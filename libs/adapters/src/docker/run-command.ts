/** Runs one command as the main process of a container that was created for it. */
import { LongshoreError, type Command, type CommandExit, type ContainerSpec } from '@longshore/core';
import type { Container } from 'dockerode';
import { addAbortSignal, type Readable } from 'node:stream';
import { collectOutput } from './collect-output.js';
import { programOf } from './container-options.js';
import type { EngineConnection } from './engine-connection.js';
import { commandNotFound, duringCommand, engineError, isInitFailure } from './engine-errors.js';
import { jsonLines } from './json-lines.js';
import { OomWatch } from './oom-watch.js';

/** Starts the created container and attends it to its end; whoever aborts has to remove it. */
export async function runCommand(
  connection: EngineConnection,
  container: Container,
  spec: ContainerSpec,
  command: Command,
): Promise<CommandExit> {
  // Attached before the start, else the first lines could be missed.
  const stream = (await connection.ask(`attaching to ${spec.name}`, (abortSignal) =>
    container.attach({ stream: true, stdout: true, stderr: true, hijack: true, abortSignal }),
  )) as NodeJS.ReadableStream as Readable;
  try {
    using oom = await OomWatch.open(connection, container.id, command.signal);
    await connection.ask(`starting ${spec.name}`, (abortSignal) => container.start({ abortSignal }), {
      program: programOf(command),
      image: spec.image,
      name: spec.name,
    });
    const startedAt = performance.now();
    const [log, exitCode] = await Promise.all([
      collectOutput(stream, command.signal),
      exitCodeOf(connection, container, command.signal),
    ]);
    const durationMs = Math.round(performance.now() - startedAt);
    if (neverStarted(exitCode, log, command)) throw commandNotFound(programOf(command), spec.image, log);
    const { State } = await connection.ask(`inspecting ${spec.name}`, (abortSignal) =>
      container.inspect({ abortSignal }),
    );
    // Both witnesses: the flag stays false on some engines when a child was killed, the event may be lost with its connection.
    const outOfMemory = State.OOMKilled || (await oom.happened(exitCode));
    return { exitCode, outOfMemory, log, durationMs, leftProcesses: false };
  } catch (thrown) {
    throw duringCommand(engineError(thrown, `running ${spec.name}`));
  } finally {
    stream.destroy();
  }
}

interface WaitAnswer {
  StatusCode: number;
  Error?: { Message?: string } | null;
}

/**
 * Asked only after the start: before it, "not running" is already true and the engine answers 0 at once. A container that has ended
 * meanwhile still gives its code, because it is removed by nobody but us.
 */
async function exitCodeOf(connection: EngineConnection, { id }: Container, signal?: AbortSignal): Promise<number> {
  const answers = await connection.stream(`waiting for container ${id}`, 'POST', `/containers/${id}/wait`);
  if (signal) addAbortSignal(signal, answers);
  for await (const { StatusCode, Error: lost } of jsonLines<WaitAnswer>(answers)) {
    if (lost?.Message) throw new LongshoreError('engine-failed', `The engine lost a container: ${lost.Message}.`);
    return StatusCode;
  }
  throw new LongshoreError('engine-failed', `The engine stopped waiting for container ${id} before its end.`);
}

/** The engine runs docker-init, which always starts; so it is docker-init that finds no program, and says so in the output. */
function neverStarted(exitCode: number, log: string, command: Command): boolean {
  return (exitCode === 126 || exitCode === 127) && isInitFailure(log, programOf(command));
}
