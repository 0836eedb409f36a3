/** I6, as far as the output itself tells: what is there, how large it is, and what its bytes are. */
import { createHash } from 'node:crypto';
import { LongshoreError } from '../errors/longshore-error.js';
import { pluginObject } from '../plugin/hooks.js';
import { isOwnPlace } from '../skipping/own-place.js';
import type { JobStore } from '../ports/job-store.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { Job } from '../words/job.js';
import { keyAt, pathBelow } from '../words/location.js';
import type { ObjectRef } from '../words/object-ref.js';
import type { JobInView } from './invariant.js';
import { knownOutputs } from './distinct-outputs.js';
import { everyTask } from './every-task.js';

/**
 * - `none`: the output is not looked at.
 * - `names`: it is listed.
 * - `content`: every byte of it is read.
 */
export const outputDepths = ['none', 'names', 'content'] as const;
export type OutputDepth = (typeof outputDepths)[number];

export interface OutputOptions {
  depth: OutputDepth;
  /** Set where nobody else writes below the output, so that everything there must be accounted for; names the reports of the job. */
  reports?: readonly string[];
}

interface Recorded {
  sizeBytes: number;
  sha256: string;
}

/** The sentences about what is visible in the output of a job and should not be, or the other way round. */
export async function outputFaults(
  view: JobInView,
  store: JobStore,
  objects: ObjectStore,
  options: OutputOptions,
): Promise<string[]> {
  const { job } = view;
  if (options.depth === 'none') return [];
  const before = await namesOf(view, store);
  const visible = new Map<string, ObjectRef>();
  try {
    for await (const page of objects.list(job.spec.output)) for (const object of page) visible.set(object.key, object);
  } catch (thrown) {
    // A folder begins to exist with its first output.
    const isNothingThere = thrown instanceof LongshoreError && thrown.code === 'location-not-found';
    if (!isNothingThere || before.completed.length > 0) throw thrown;
  }
  // Jobs with the same output may have written the same names; and a task may have been accepted since.
  const recorded = await recordsBelow(job, store);
  const faults: string[] = [];
  for (const name of before.completed) {
    const key = keyAt(job.spec.output, name);
    const found = visible.get(key);
    const wanted = recorded.get(key) ?? [];
    if (!found) faults.push(`The output "${name}" of job ${job.id} is recorded as published and is not there.`);
    else if (options.depth === 'content') faults.push(...(await contentFaults(job, objects, found, wanted)));
    else faults.push(...sizeFaults(job, found, wanted));
  }
  const reports = new Set(options.reports?.map((name) => keyAt(job.spec.output, name)));
  for (const key of visible.keys()) {
    if (recorded.has(key) || reports.has(key) || isOwnPlace(key) || mayBeLegacy(job, key, before)) continue;
    if (before.declared.has(key))
      faults.push(`"${key}" is visible, and no accepted attempt of job ${job.id} wrote it.`);
    else if (options.reports)
      faults.push(`"${key}" is visible in the output of job ${job.id}, and nobody knows of it.`);
  }
  return faults;
}

/** Names that must be visible, and keys that nobody may have written unless a manifest says so. */
async function namesOf({ job, plugin }: JobInView, store: JobStore) {
  const completed: string[] = [];
  const declared = new Set<string>();
  let legacyWrote = false;
  for await (const task of everyTask(store, job.id)) {
    legacyWrote ||= task.legacyHeld === true;
    if (task.state === 'completed') {
      completed.push(...(task.manifest?.entries ?? []).flatMap(({ outputs }) => outputs.map(({ name }) => name)));
    } else if (plugin && task.state !== 'split' && task.fence > 0) {
      const names = task.objects.flatMap((object) => knownOutputs(plugin, pluginObject(job.spec.input, object)));
      for (const name of names) declared.add(keyAt(job.spec.output, name));
    }
  }
  return { completed, declared, legacyWrote };
}

/** Legacy workers write right below the prefix, under names they do not tell, and also what is not accepted from them. */
function mayBeLegacy({ spec }: Job, key: string, { legacyWrote }: { legacyWrote: boolean }): boolean {
  return legacyWrote && !key.slice(spec.output.prefix.length).includes('/');
}

/** What every job whose output meets this one's has recorded, by full key. */
async function recordsBelow(job: Job, store: JobStore): Promise<Map<string, Recorded[]>> {
  const recorded = new Map<string, Recorded[]>();
  let after: string | undefined;
  do {
    const page = await store.listJobs({ limit: 100, ...(after !== undefined && { after }) });
    for (const other of page.items) {
      const below = pathBelow(other.spec.output, job.spec.output);
      if (below === undefined && pathBelow(job.spec.output, other.spec.output) === undefined) continue;
      for await (const { manifest } of everyTask(store, other.id)) {
        for (const output of (manifest?.entries ?? []).flatMap(({ outputs }) => outputs)) {
          const key = keyHere(job, other, output.name);
          recorded.set(key, [...(recorded.get(key) ?? []), output]);
        }
      }
    }
    after = page.next;
  } while (after !== undefined);
  return recorded;
}

/** A name of another job's output as a key of this job's. A folder has no prefix, so one may lie below the other. */
function keyHere(job: Job, other: Job, name: string): string {
  if (job.spec.output.bucket === other.spec.output.bucket) return keyAt(other.spec.output, name);
  const above = pathBelow(job.spec.output, other.spec.output);
  if (above !== undefined) return name.startsWith(above) ? name.slice(above.length) : `../${name}`;
  return `${pathBelow(other.spec.output, job.spec.output) ?? ''}${name}`;
}

function sizeFaults(job: Job, found: ObjectRef, wanted: readonly Recorded[]): string[] {
  if (wanted.some(({ sizeBytes }) => sizeBytes === found.sizeBytes)) return [];
  return [
    `The output "${found.key}" of job ${job.id} has ${found.sizeBytes} bytes, recorded are ${wanted[0]?.sizeBytes}.`,
  ];
}

async function contentFaults(
  job: Job,
  objects: ObjectStore,
  found: ObjectRef,
  wanted: readonly Recorded[],
): Promise<string[]> {
  const faults = sizeFaults(job, found, wanted);
  if (faults.length > 0) return faults;
  const hash = createHash('sha256');
  for await (const chunk of objects.read(job.spec.output, found)) hash.update(chunk);
  const sha256 = hash.digest('hex');
  if (wanted.some((record) => record.sha256 === sha256)) return [];
  return [`The output "${found.key}" of job ${job.id} has the checksum ${sha256}, recorded is ${wanted[0]?.sha256}.`];
}
