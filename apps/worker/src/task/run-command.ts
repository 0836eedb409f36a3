/** Runs the command of a task and reads its exit. */
import {
  callHook,
  environmentOf,
  LongshoreError,
  readParams,
  type CommandExit,
  type JobPlugin,
  type PluginObject,
  type PluginTask,
  type TraceContext,
} from '@longshore/core';
import type { Assignment } from '@longshore/core/protocol';
import type { Slot } from '../slots/slot.js';
import { attemptLog } from './attempt-log.js';

/** @throws LongshoreError `command-failed`, `out-of-memory`, `timed-out`, `hook-failed`, or what the engine throws */
export async function runCommand(
  plugin: JobPlugin,
  assignment: Assignment,
  objects: readonly PluginObject[],
  slot: Slot,
  { signal, traceparent }: { signal: AbortSignal; traceparent: TraceContext | undefined },
): Promise<CommandExit> {
  const { variables = {} } = assignment;
  const task: PluginTask<object> = {
    objects,
    params: readParams(plugin, assignment.params),
    variables,
    ...slot.paths,
  };
  const argv = callHook(plugin, 'command', assignment.task_id, () => plugin.command(task));
  const own = callHook(plugin, 'environment', assignment.task_id, () => plugin.environment?.(task) ?? {});
  const trace = { ...(traceparent !== undefined && { TRACEPARENT: traceparent }) };
  const environment: Record<string, string> = { ...trace, ...environmentOf(variables), ...own };
  const timeLimit = new AbortController();
  const timer = setTimeout(() => timeLimit.abort(tooLong(assignment)), assignment.timeout_seconds * 1000);
  try {
    const exit = await slot.run({ argv, environment, signal: AbortSignal.any([signal, timeLimit.signal]) });
    refuseBadExit(plugin, assignment, exit);
    return exit;
  } finally {
    clearTimeout(timer);
  }
}

function refuseBadExit(plugin: JobPlugin, assignment: Assignment, exit: CommandExit): void {
  const log = attemptLog(exit.log);
  if (exit.outOfMemory) {
    const { memory } = plugin.container.resources;
    throw new LongshoreError('out-of-memory', `The command needed more than the ${memory} of memory it is given.`, {
      log,
      exitCode: exit.exitCode,
      remedy: 'Raise container.resources.memory of the plugin, or put fewer objects in a task.',
      ...onlyObject(assignment),
    });
  }
  const verdict = plugin.interpret
    ? callHook(plugin, 'interpret', assignment.task_id, () => plugin.interpret!({ exitCode: exit.exitCode, log }))
    : exit.exitCode === 0;
  if (verdict === true || (typeof verdict === 'object' && verdict.done)) return;
  const meaning = typeof verdict === 'object' && !verdict.done ? ` ${verdict.message}` : '';
  throw new LongshoreError('command-failed', `The command ended with exit code ${exit.exitCode}.${meaning}`, {
    log,
    exitCode: exit.exitCode,
    ...onlyObject(assignment),
  });
}

function tooLong(assignment: Assignment): LongshoreError {
  return new LongshoreError(
    'timed-out',
    `The command ran longer than ${assignment.timeout_seconds} seconds and was stopped.`,
    {
      remedy: 'Raise the time limit of the job, or put fewer objects in a task.',
      ...onlyObject(assignment),
    },
  );
}

function onlyObject(assignment: Assignment): { objectKey?: string } {
  const [only, ...others] = assignment.file_names;
  return only !== undefined && others.length === 0 ? { objectKey: only } : {};
}
