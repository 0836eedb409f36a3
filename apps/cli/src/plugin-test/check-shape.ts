/** Looks at the description of a plugin: its fields, its parameters, and the hooks that need no objects. */
import {
  LongshoreError,
  messageOf,
  pluginFields,
  readParams,
  shapeFaults,
  unknownFields,
  type JobPlugin,
} from '@longshore/core';
import { nearestName } from '../job-file/nearest-name.js';
import { failed, ok, warning, type Check } from './check.js';

/** A plugin that could not even be loaded. */
export function loadFailure(thrown: unknown): Check {
  if (!(thrown instanceof LongshoreError)) throw thrown;
  const { message, remedy, fields } = thrown;
  if (fields.length > 0)
    return failed(
      'shape',
      message,
      remedy ?? '',
      fields.map(({ detail }) => detail),
    );
  return failed('shape', message, remedy ?? 'Mend its module; "node index.mjs" shows where it stops.');
}

export function checkShape(plugin: JobPlugin): Check {
  const faults = shapeFaults(plugin).map(({ field, fault, remedy }) => `${field} ${fault}. ${remedy}`);
  if (faults.length > 0) {
    return failed(
      'shape',
      'The description cannot work.',
      'Make the plugin with defineJobPlugin, which refuses this.',
      faults,
    );
  }
  const unknown = unknownFields(plugin).map((field) => {
    const meant = nearestName(field, pluginFields);
    return meant === undefined ? `${field} is no field of a plugin` : `${field} is no field; ${meant} is`;
  });
  if (unknown.length > 0)
    return failed('shape', 'Some fields mean nothing.', 'Mend their names, or leave them out.', unknown);
  return ok('shape', `${plugin.name} ${plugin.version}: every field is as it must be`);
}

/** @returns the parameters too, where they can be had */
export function checkParams(plugin: JobPlugin, given: Record<string, unknown>): { check: Check; params?: object } {
  try {
    const params = readParams(plugin, given);
    const values = Object.entries(params).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    return { check: ok('parameters', values.join(', ') || 'none'), params };
  } catch (thrown) {
    const { message, remedy, fields } = asError(thrown);
    const advice =
      `Give values with --param name=value, or defaults that pass their own checks. ${remedy ?? ''}`.trim();
    return {
      check: failed(
        'parameters',
        message,
        advice,
        fields.map(({ detail }) => detail),
      ),
    };
  }
}

/** What is asked of a plugin before and after each command. */
export function checkHooks(plugin: JobPlugin, params: object): Check {
  const { inputs, outputs } = plugin.container.mounts;
  const task = { objects: [], params, variables: {}, inputs, outputs };
  const faults = [
    faultOf('command', () => plugin.command(task), isArgv, 'a list of texts, the program first'),
    faultOf('environment', () => plugin.environment?.(task) ?? {}, isTexts, 'texts by their names'),
    ...[0, 1].map((exitCode) =>
      faultOf('interpret', () => plugin.interpret?.({ exitCode, log: '' }) ?? { done: true }, isVerdict, 'a verdict'),
    ),
  ].filter((fault) => fault !== undefined);
  if (faults.length > 0) {
    return failed(
      'hooks',
      'Hooks do not answer as they must.',
      'Mend them; docs/plugins.md says what each gives.',
      faults,
    );
  }
  if (plugin.interpret?.({ exitCode: 0, log: '' }).done === false) {
    return warning('hooks', 'interpret takes exit code 0 for a failure.', 'See whether that is meant.');
  }
  if (plugin.summarize && !plugin.layout.record) {
    return failed(
      'hooks',
      'summarize is there, and no object leaves a record for it.',
      'Declare layout.record, or leave summarize out.',
    );
  }
  const given = ['command', 'environment', 'interpret', 'summarize'].filter((name) => name in plugin);
  return ok('hooks', `${given.join(', ')} answer as they must`);
}

function faultOf(
  hook: string,
  call: () => unknown,
  holds: (answer: unknown) => boolean,
  wanted: string,
): string | undefined {
  try {
    return holds(call()) ? undefined : `${hook} gives something else than ${wanted}`;
  } catch (thrown) {
    return `${hook} throws: ${messageOf(thrown)}`;
  }
}

function isArgv(answer: unknown): boolean {
  return Array.isArray(answer) && answer.length > 0 && answer.every((part) => typeof part === 'string');
}

function isTexts(answer: unknown): boolean {
  const isObject = typeof answer === 'object' && answer !== null;
  return isObject && Object.values(answer).every((value) => typeof value === 'string');
}

function isVerdict(answer: unknown): boolean {
  const { done, message } = (answer ?? {}) as { done?: unknown; message?: unknown };
  return done === true || (done === false && typeof message === 'string' && message !== '');
}

function asError(thrown: unknown): LongshoreError {
  if (thrown instanceof LongshoreError) return thrown;
  throw thrown;
}
