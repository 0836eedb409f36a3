/** Whether a manifest holds what the plugin promised for every object of the task; a worker's word alone is not enough. */
import { declaredOutputs, pluginObject } from '../plugin/hooks.js';
import type { JobPlugin } from '../plugin/job-plugin.js';
import { failure, type Failure } from '../words/failure.js';
import type { Location } from '../words/location.js';
import type { ReportedManifest } from '../words/manifest.js';
import type { Task } from '../words/task.js';

/** The first declared output that is missing, or the first output that nobody declared; undefined when the manifest is right. */
export function manifestFault(
  manifest: ReportedManifest,
  task: Task,
  plugin: JobPlugin,
  input: Location,
): Failure | undefined {
  const reported = new Map(manifest.entries.map((entry) => [entry.objectKey, entry]));
  for (const object of task.objects) {
    const declared = declaredOutputs(plugin, pluginObject(input, object));
    const outputs = reported.get(object.key)?.outputs ?? [];
    const names = new Set(outputs.map((output) => output.name));
    const missing = declared.find((name) => !names.has(name));
    if (missing !== undefined) return missingOutput(object.key, missing);
    if (outputs.length > declared.length) return undeclaredOutput(object.key);
  }
  // Each object may have one entry: what a second one names would be published without having been looked at.
  const open = new Set(task.objects.map((object) => object.key));
  const stranger = manifest.entries.find(({ objectKey }) => objectKey === undefined || !open.delete(objectKey));
  return stranger && undeclaredOutput(stranger.objectKey ?? 'no object');
}

/** A command that reports success without writing what was declared has failed. */
export function missingOutput(objectKey: string, name: string, log?: string): Failure {
  return failure(
    'output-missing',
    `The command ended well but did not write the output "${name}" of the object "${objectKey}". ` +
      'Check the command, or what layout.outputs of the plugin promises.',
    { objectKey, ...(log !== undefined && { log }) },
  );
}

function undeclaredOutput(objectKey: string): Failure {
  return failure('output-collision', `The report names an output of ${objectKey} that the plugin does not declare.`, {
    objectKey,
  });
}
