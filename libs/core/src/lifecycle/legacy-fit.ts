/** What a legacy worker can do: it knows a bucket, a prefix and the last part of a key, and nothing else. */
import { isDeepStrictEqual } from 'node:util';
import { callHook, declaredOutputs, pluginObject } from '../plugin/hooks.js';
import type { JobPlugin } from '../plugin/job-plugin.js';
import { readParams } from '../plugin/params.js';
import type { Job } from '../words/job.js';
import { formatLocation, storeKind, type Location } from '../words/location.js';
import type { Task } from '../words/task.js';

/** Why a legacy worker gets no task of this job; undefined where it may. */
export function legacyObstacle({ spec }: Pick<Job, 'spec'>, plugin: JobPlugin): string | undefined {
  for (const place of [spec.input, spec.output]) {
    const why = obstacleOf(place);
    if (why !== undefined) return why;
  }
  if (spec.groups) return 'the job lists its groups, of whose values they know nothing';
  return isDefault(plugin, spec.params) ? undefined : 'the job has parameters, of which they know nothing';
}

/**
 * Why a legacy worker does not get this task. It saves `a/x.tif` and `b/x.tif` as one file, and uploads every output right below the prefix.
 */
export function legacyTaskObstacle(task: Pick<Task, 'objects'>, { spec }: Job, plugin: JobPlugin): string | undefined {
  for (const found of task.objects) {
    const object = pluginObject(spec.input, found);
    if (object.relativeKey.includes('/'))
      return `"${found.key}" lies in a folder below the prefix, of which they keep the name alone`;
    try {
      const folder = declaredOutputs(plugin, object).find((name) => name.includes('/'));
      if (folder !== undefined) return `its output "${folder}" lies in a folder, and they know none`;
    } catch {
      return 'the plugin does not say what it writes';
    }
  }
  return undefined;
}

function obstacleOf(place: Location): string | undefined {
  if (storeKind(place) !== 's3') return `${formatLocation(place)} is a folder, and they know S3 alone`;
  // Whatever else is to be known to reach a place, such as a role or an endpoint, they do not know.
  const { bucket: _known, prefix: _too, ...more } = place;
  const [setting] = Object.entries(more).find(([, value]) => value !== undefined) ?? [];
  return setting === undefined
    ? undefined
    : `${formatLocation(place)} has settings ("${setting}") of which they know nothing`;
}

function isDefault(plugin: JobPlugin, params: Record<string, unknown>): boolean {
  try {
    const defaults = callHook(plugin, 'params', plugin.name, () => readParams(plugin, {}));
    return isDeepStrictEqual(plain(params), plain(defaults));
  } catch {
    // One that has to be given has no default.
    return false;
  }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
