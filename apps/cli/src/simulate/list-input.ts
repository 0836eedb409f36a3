/** The objects of a job as its input holds them now: what its patterns take, with its size and its group. */
import {
  createLeftOutTest,
  createSelection,
  declaredGroup,
  GroupFinder,
  listedGroups,
  LongshoreError,
  parseLocation,
  pluginObject,
  withStorage,
  type JobPlugin,
  type ObjectStore,
} from '@longshore/core';
import type { CreateJobRequest } from '@longshore/core/protocol';
import type { SizedObject } from './workload.js';

export interface InputSource {
  objects: ObjectStore;
  loadPlugin: (source: string) => Promise<JobPlugin>;
}

/** @throws LongshoreError what listing throws; `invalid-request` where nothing is taken, `groups-unfit` where groups that the job lists do not fit */
export async function listInput(
  request: CreateJobRequest,
  pluginSource: string,
  { objects, loadPlugin }: InputSource,
): Promise<SizedObject[]> {
  const plugin = await loadPlugin(pluginSource);
  const input = withStorage(parseLocation(request.input), request.storage?.input);
  const { include = plugin.layout.include, exclude = plugin.layout.exclude } = request;
  const output = parseLocation(request.output);
  const groups = listedGroups(request, plugin);
  const finder = groups && new GroupFinder(groups);
  const leftOut = createLeftOutTest({ input, output }, createSelection({ include, exclude }));
  const found: SizedObject[] = [];
  for await (const page of objects.list(input)) {
    for (const listed of page) {
      const object = pluginObject(input, listed);
      if (leftOut(object)) continue;
      const group = finder ? finder.find(object.relativeKey)?.toString() : declaredGroup(plugin, object);
      // Those of no group are left out.
      if (finder && group === undefined) continue;
      found.push({ sizeBytes: object.sizeBytes, ...(group !== undefined && { group }) });
    }
  }
  if (finder?.misfit) throw finder.misfit;
  if (found.length > 0) return found;
  throw new LongshoreError('invalid-request', 'The job takes no object of its input.', {
    remedy: 'See what becomes of them with "longshore plan", or make some up with --objects and --object-size.',
  });
}
