/** One object of the listing on its way into a batch: taken, left out, or refused by name. */
import {
  createLeftOutTest,
  declaredGroup,
  declaredOutputs,
  declaredRecord,
  failureOf,
  failure,
  pluginObject,
  refusalOfName,
  type Failure,
  type Job,
  type JobPlugin,
  type LeftOut,
  type ObjectRef,
  type PluginObject,
} from '@longshore/core';
import type { ListedGroups } from './grouping.js';

export type Sorted =
  | { kind: 'taken'; object: PluginObject; outputs: string[] }
  | { kind: 'archived'; object: PluginObject; outputs: string[]; failure: Failure }
  | { kind: 'skipped'; why: LeftOut | 'no-group' }
  | { kind: 'refused'; failure: Failure };

/** Sorts objects by the rules of a job. Pure but for the plugin's hooks. */
export function createSorter(
  job: Job,
  plugin: JobPlugin,
  selected: (relativeKey: string) => boolean,
  groups?: Pick<ListedGroups, 'numberOf'>,
): (object: ObjectRef) => Sorted {
  const { input } = job.spec;
  const leftOut = createLeftOutTest(job.spec, selected);

  return (found) => {
    const object = pluginObject(input, found);
    const why = leftOut(object);
    if (why) return { kind: 'skipped', why };
    if (groups && groups.numberOf(found) === undefined) return { kind: 'skipped', why: 'no-group' };
    const refusal = refusalOfName(object.relativeKey);
    if (refusal !== undefined) return { kind: 'refused', failure: refusedName(object, refusal) };
    try {
      const outputs = declaredOutputs(plugin, object);
      declaredRecord(plugin, object);
      declaredGroup(plugin, object);
      if (found.archived) return { kind: 'archived', object, outputs, failure: archived(object) };
      return { kind: 'taken', object, outputs };
    } catch (thrown) {
      return { kind: 'refused', failure: failureOf(thrown, 'hook-failed', 'A hook of the plugin failed') };
    }
  };
}

function refusedName(object: ObjectRef, why: string): Failure {
  return failure(
    'name-refused',
    `The object "${object.key}" is refused because ${why}. Rename it and submit it again.`,
    {
      objectKey: object.key,
    },
  );
}

function archived({ key: objectKey }: PluginObject): Failure {
  const message = `The object "${objectKey}" lies in an archive and cannot be read. Restore it, then redrive it.`;
  return failure('input-archived', message, { objectKey });
}

/** What an object would write once it is done; one in an archive will be, when somebody restores it. */
export function claimOf(sorted: Sorted): (Pick<PluginObject, 'key' | 'relativeKey'> & { outputs: string[] })[] {
  if (sorted.kind !== 'taken' && sorted.kind !== 'archived') return [];
  const { key, relativeKey } = sorted.object;
  return [{ key, relativeKey, outputs: sorted.outputs }];
}

export function collision(objectKey: string, name: string, owner: string): Failure {
  return failure(
    'output-collision',
    `The objects "${owner}" and "${objectKey}" would both write the output "${name}"; the second is refused. ` +
      'Rename one of them, or run them as two jobs with two outputs.',
    { objectKey },
  );
}
