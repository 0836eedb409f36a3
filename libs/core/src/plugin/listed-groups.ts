/** The groups somebody has written in a job, with the objects that its plugin gives to those that name none. */
import { LongshoreError } from '../errors/longshore-error.js';
import type { GroupObjects, JobGroup, Variables } from '../groups/job-group.js';
import { declaredObjects } from './hooks.js';
import type { JobPlugin } from './job-plugin.js';

/** As the jobs API takes them. */
export interface WrittenGroups {
  groups?: readonly { variables?: Variables; objects?: GroupObjects[] }[] | undefined;
  variables?: Variables | undefined;
}

/**
 * @returns undefined for a job that lists none
 * @throws LongshoreError `invalid-request`, `hook-failed`
 */
export function listedGroups({ groups, variables: shared }: WrittenGroups, plugin: JobPlugin): JobGroup[] | undefined {
  if (!groups) {
    if (shared) throw refused('/variables', 'variables are told to groups, and the job lists no groups.');
    return undefined;
  }
  return groups.map(({ variables = {}, objects }, index): JobGroup => {
    if (objects) return { variables, objects };
    if (!plugin.layout.objectsOfGroup) throw needsObjects(plugin, index);
    return { variables, objects: declaredObjects(plugin, { number: index + 1, variables }, shared ?? {}) };
  });
}

function needsObjects({ name }: JobPlugin, index: number): LongshoreError {
  return refused(
    `/groups/${index}`,
    `The plugin ${name} does not say which objects belong to a group, and group ${index + 1} does not either.`,
    'Give each group "objects", patterns of keys below the input; or give the plugin layout.objectsOfGroup.',
  );
}

function refused(pointer: string, detail: string, remedy?: string): LongshoreError {
  return new LongshoreError('invalid-request', detail, {
    fields: [{ pointer, detail }],
    ...(remedy !== undefined && { remedy }),
  });
}
