/** Calls into plugin code: a hook that throws or answers nonsense costs its own object or task, never the process. */
import { LongshoreError, messageOf } from '../errors/longshore-error.js';
import { objectsFault } from '../groups/group-faults.js';
import { groupName, variablesOf, type GroupObjects, type TaskGroup, type Variables } from '../groups/job-group.js';
import { refusalOfName } from '../layout/object-name.js';
import { isOwnPlace } from '../skipping/own-place.js';
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
  if (fault !== undefined) throw faultyAnswer(plugin, 'layout.outputs', fault, object);
  return outputs;
}

/**
 * The name of the record file of an object, which may lie below the outputs folder; undefined where the plugin declares none.
 *
 * @throws LongshoreError `hook-failed`
 */
export function declaredRecord(plugin: JobPlugin, object: PluginObject): string | undefined {
  const hook = plugin.layout.record;
  if (!hook) return undefined;
  const record: unknown = callHook(plugin, 'layout.record', object.key, () => hook(object));
  if (typeof record !== 'string') throw faultyAnswer(plugin, 'layout.record', 'gave no name', object);
  const fault = nameFault(record);
  if (fault !== undefined) throw faultyAnswer(plugin, 'layout.record', fault, object);
  return record;
}

/**
 * The group an object belongs to; undefined where the plugin knows none.
 *
 * @throws LongshoreError `hook-failed`
 */
export function declaredGroup(plugin: JobPlugin, object: PluginObject): string | undefined {
  const { groupBy } = plugin.layout;
  if (!groupBy) return undefined;
  const group: unknown = callHook(plugin, 'layout.groupBy', object.key, () => groupBy(object));
  if (typeof group === 'string') return group;
  throw new LongshoreError(
    'hook-failed',
    `layout.groupBy of the plugin ${plugin.name} gave no text for "${object.key}".`,
    {
      objectKey: object.key,
      remedy: 'Mend the plugin.',
    },
  );
}

/**
 * The objects of a group that a job lists by its values.
 *
 * @throws LongshoreError `hook-failed`
 */
export function declaredObjects(plugin: JobPlugin, group: TaskGroup, shared: Variables): GroupObjects[] {
  const { objectsOfGroup } = plugin.layout;
  const name = groupName(group);
  const variables = variablesOf(shared, group);
  const answer = callHook(plugin, 'layout.objectsOfGroup', name, () => objectsOfGroup?.(variables) ?? []);
  const objects = [answer].flat();
  const fault = objectsFault(objects);
  if (fault === undefined) return objects;
  throw new LongshoreError(
    'hook-failed',
    `layout.objectsOfGroup of the plugin ${plugin.name} gave no pattern for ${name}: ${fault}.`,
    { remedy: 'Mend the values of the group, or the plugin.' },
  );
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
  if (outputs.length > 1 && new Set(outputs).size < outputs.length) return 'named an output twice';
  const ours = outputs.find(isOwnPlace);
  if (ours !== undefined) return `named "${ours}", which lies in a folder that is Longshore's own`;
  return outputs.map(nameFault).find((fault) => fault !== undefined);
}

function nameFault(name: string): string | undefined {
  const refusal = refusalOfName(name);
  return refusal === undefined ? undefined : `named "${name}", which is refused because ${refusal}`;
}

function faultyAnswer(plugin: JobPlugin, hook: string, fault: string, object: PluginObject): LongshoreError {
  return new LongshoreError('hook-failed', `${hook} of the plugin ${plugin.name} ${fault} for "${object.key}".`, {
    objectKey: object.key,
    remedy: 'Mend the plugin.',
  });
}
