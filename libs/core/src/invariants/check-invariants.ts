/** Looks whether the invariants hold for one job, on the ports alone, so that a test and a running orchestrator ask in the same way. */
import { messageOf } from '../errors/longshore-error.js';
import type { JobPlugin } from '../plugin/job-plugin.js';
import type { JobStore } from '../ports/job-store.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { Job } from '../words/job.js';
import { books } from './books.js';
import { budgets } from './budgets.js';
import { distinctOutputs } from './distinct-outputs.js';
import { everyObjectOnce } from './every-object-once.js';
import { everyTask } from './every-task.js';
import type { Invariant, InvariantId } from './invariant.js';
import { published } from './manifests.js';
import { oneCompletion } from './one-completion.js';
import { risingFences } from './rising-fences.js';
import { outputFaults, type OutputOptions } from './visible-outputs.js';

export const invariants: readonly Invariant[] = [
  everyObjectOnce,
  oneCompletion,
  risingFences,
  budgets,
  published,
  distinctOutputs,
  books,
];

export interface Ground {
  store: JobStore;
  objects: ObjectStore;
  /** Undefined where nobody knows the plugin any more. */
  pluginOf: (job: Job) => JobPlugin | undefined;
}

export type Violations = Map<InvariantId, string[]>;

/**
 * One look over one job; no entry where nothing is broken. While the job goes on, a look may see a task before and another after the same
 * change: ask `brokenInvariants`, which looks again.
 */
export async function lookAtJob(job: Job, ground: Ground, outputs: OutputOptions): Promise<Violations> {
  const { store, objects, pluginOf } = ground;
  const view = { job, plugin: pluginOf(job) };
  const looks = invariants.map((invariant) => ({ invariant, look: invariant.look(view) }));
  const violations: Violations = new Map();
  const add = (id: InvariantId, sentences: readonly string[]) => {
    if (sentences.length > 0) violations.set(id, [...(violations.get(id) ?? []), ...sentences]);
  };
  for await (const task of everyTask(store, job.id)) {
    const attempts = await store.listAttempts(task.id);
    for (const { invariant, look } of looks) add(invariant.id, look.task(task, attempts));
  }
  for (const { invariant, look } of looks) add(invariant.id, look.end());
  try {
    add('I6', await outputFaults(view, store, objects, outputs));
  } catch (thrown) {
    add('I6', [`The output of job ${job.id} cannot be looked at: ${messageOf(thrown)}.`]);
  }
  return violations;
}

const looksAtMost = 4;

/** What is broken in a job at every one of several looks: what a job in motion shows once and not again is no violation. */
export async function brokenInvariants(jobId: string, ground: Ground, outputs: OutputOptions): Promise<Violations> {
  let agreed: Violations | undefined;
  for (let looks = 0; looks < looksAtMost && agreed?.size !== 0; looks += 1) {
    const job = await ground.store.findJob(jobId);
    if (!job) return new Map();
    const seen = await lookAtJob(job, ground, outputs);
    agreed = agreed ? inBoth(agreed, seen) : seen;
  }
  return agreed ?? new Map<InvariantId, string[]>();
}

function inBoth(one: Violations, other: Violations): Violations {
  const both: Violations = new Map();
  for (const [id, sentences] of one) {
    const again = new Set(other.get(id));
    const kept = sentences.filter((sentence) => again.has(sentence));
    if (kept.length > 0) both.set(id, kept);
  }
  return both;
}
