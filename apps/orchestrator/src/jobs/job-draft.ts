/** A job before it is stored: its spec, and the groups it lists. */
import { groupList, listedGroups, together, type JobGroup, type JobSpec, type StoragePolicy } from '@longshore/core';
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
    () => (plugins.names.includes(request.plugin) ? listedGroups(request, plugins.get(request.plugin)) : undefined),
  );
  if (!groups) return { spec };
  return { spec: { ...spec, groups: groupList(groups, request.variables ?? {}) }, groups };
}
