/** Calls into plugin code: a hook that throws or answers nonsense costs its own object or task, never the process. */
import { LongshoreError, messageOf } from '../errors/longshore-error.js';
import { refusalOfName } from '../layout/object-name.js';
import { relativeKey, type Location } from '../words/location.js';
import type { ObjectRef } from '../words/object-ref.js';
import type { JobPlugin, PluginObject } from './job-plugin.js';

/** An object with its key below the input prefix. */
export function pluginObject(input: Location, object: ObjectRef): PluginObject {
  return { ...object, relativeKey: relativeKey(input, object.key) };
}

/**
 * The outputs an object must produce: at least one, each a name that may lie below the output prefix, none twice.
 *
 * @throws LongshoreError `hook-failed`
 */
export function declaredOutputs(plugin: JobPlugin, object: PluginObject): string[] {
  const outputs = callHook(plugin, 'layout.outputs', object.key, () => plugin.layout.outputs(object));
  const fault = outputsFault(outputs);
  if (fault === undefined) return outputs;
  throw new LongshoreError('hook-failed', `layout.outputs of the plugin ${plugin.name} ${fault} for "${object.key}".`, {
    objectKey: object.key,
    remedy: 'Mend the plugin.',
  });
}

/** The name of the record file of an object; undefined where the plugin declares none. */
export function declaredRecord(plugin: JobPlugin, object: PluginObject): string | undefined {
  const { record } = plugin.layout;
  return record && callHook(plugin, 'layout.record', object.key, () => record(object));
}

/**
 * Runs one hook and names it where it throws.
 *
 * @throws LongshoreError `hook-failed`
 */
export function callHook<T>(plugin: Pick<JobPlugin, 'name'>, hook: string, what: string, call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw new LongshoreError(
      'hook-failed',
      `${hook} of the plugin ${plugin.name} threw for "${what}": ${messageOf(thrown)}.`,
      {
        remedy: 'Mend the plugin.',
        cause: thrown,
      },
    );
  }
}

function outputsFault(outputs: unknown): string | undefined {
  if (!Array.isArray(outputs) || !outputs.every((name) => typeof name === 'string')) return 'gave no list of names';
  if (outputs.length === 0) return 'named no output';
  if (new Set(outputs).size < outputs.length) return 'named an output twice';
  for (const name of outputs) {
    const refusal = refusalOfName(name);
    if (refusal !== undefined) return `named "${name}", which is refused because ${refusal}`;
  }
  return undefined;
}
