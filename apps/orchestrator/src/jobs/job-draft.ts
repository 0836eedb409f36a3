/** A job before it is stored: its spec, and the groups it lists. */
import {
  declaredObjects,
  groupList,
  LongshoreError,
  together,
  type JobGroup,
  type JobPlugin,
  type JobSpec,
  type StoragePolicy,
} from '@longshore/core';
import type { CreateJobRequest } from '@longshore/core/protocol';
import type { PluginCatalog } from '../plugins/plugin-catalog.js';
import { jobSpec } from './job-spec.js';

export interface JobDraft {
  spec: JobSpec;
  groups?: JobGroup[];
}

/**
 * Everything that is wrong is told at once.
 *
 * @throws LongshoreError what `jobSpec` throws; `invalid-request`, `hook-failed`
 */
export function jobDraft(request: CreateJobRequest, plugins: PluginCatalog, policy: StoragePolicy): JobDraft {
  const [spec, groups] = together(
    () => jobSpec(request, plugins, policy),
    // Which objects belong to a group of an unknown plugin, nobody knows.
    () => (plugins.names.includes(request.plugin) ? groupsOf(request, plugins.get(request.plugin)) : undefined),
  );
  if (!groups) return { spec };
  return { spec: { ...spec, groups: groupList(groups, request.variables ?? {}) }, groups };
}

function groupsOf({ groups, variables: shared }: CreateJobRequest, plugin: JobPlugin): JobGroup[] | undefined {
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
