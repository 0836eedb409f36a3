/** What a legacy worker's word is worth: the whole task, or the objects it names. */
import { failure, type Failure } from '../words/failure.js';
import type { ReportedManifest } from '../words/manifest.js';
import type { ObjectRef } from '../words/object-ref.js';
import type { Task } from '../words/task.js';

/** What it says of its files; each field is a list of keys, of their last parts, or of something else. */
export interface LegacyDetails {
  files?: unknown;
  processed_files?: unknown;
}

/** A manifest that lists objects as done and no output of them, because a legacy worker names none. */
export function unverifiedManifest(task: Task, done: readonly ObjectRef[], now: number): ReportedManifest {
  return {
    entries: done.map(({ key, etag }) => ({ objectKey: key, etag, outputs: [] })),
    imageDigest: '',
    pluginVersion: '',
    exitCode: 0,
    durationMs: now - (task.lease?.acknowledgedAt ?? now),
    unverified: true,
  };
}

/**
 * The objects a report of completion speaks of: all of the task where it names none in particular. A list that holds no file of the task may hold
 * anything, such as names of outputs, and says nothing; an empty one says that nothing was done.
 */
export function objectsDone(task: Task, { processed_files: processed }: LegacyDetails): ObjectRef[] {
  const names = namesIn(processed);
  if (!names) return task.objects;
  const done = task.objects.filter((object) => isNamed(object, names));
  return done.length === 0 && names.size > 0 ? task.objects : done;
}

/** True when a report names files, and none of them is of the task: it was meant for another one, and came late. */
export function isAboutAnother(task: Task, { files }: LegacyDetails): boolean {
  const names = namesIn(files);
  return names !== undefined && names.size > 0 && !task.objects.some((object) => isNamed(object, names));
}

/** Why the objects that were left out are tried again. */
export function leftOut(task: Task, done: readonly ObjectRef[]): Failure {
  const first = task.objects.find((object) => !done.includes(object))?.key ?? '';
  const left = task.objects.length - done.length;
  return failure(
    'output-missing',
    `The legacy worker reported the task as completed, and its processed_files leave out ${left} of ${task.objects.length} objects, ` +
      `"${first}" for one.`,
  );
}

function namesIn(list: unknown): Set<string> | undefined {
  if (!Array.isArray(list)) return undefined;
  return new Set(list.filter((name) => typeof name === 'string'));
}

function isNamed({ key }: ObjectRef, names: ReadonlySet<string>): boolean {
  return names.has(key) || names.has(key.slice(key.lastIndexOf('/') + 1));
}
