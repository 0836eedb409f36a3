/** The tasks that take the place of one that is split. */
import type { Failure } from '../words/failure.js';
import type { JobPolicy } from '../words/job.js';
import type { ReportedManifest } from '../words/manifest.js';
import type { ObjectRef } from '../words/object-ref.js';
import type { Task } from '../words/task.js';
import { assignmentId } from './assignment-id.js';

interface Parting {
  now: number;
  policy: JobPolicy;
  newId: () => string;
}

/**
 * Losses each part of a task out of losses may still have: something in it may kill its workers, and a task must not eat a fleet while that is
 * being found.
 */
const lossesOfPart = 3;

/** Attempts each part of a split task may fail: one while it still holds several objects, the full budget when alone. */
export function attemptsOfPart(objectCount: number, policy: Pick<JobPolicy, 'maxAttempts'>): number {
  return objectCount > 1 ? 1 : policy.maxAttempts;
}

/** Two halves, the first the larger. */
export function partsOf(task: Task, parting: Parting & { blamesJob: boolean }): Task[] {
  const middle = Math.ceil(task.objects.length / 2);
  const halves: [number, ObjectRef[]][] = [
    [task.position, task.objects.slice(0, middle)],
    [task.position + middle, task.objects.slice(middle)],
  ];
  const { now, policy, newId, blamesJob } = parting;
  const maxLosses = blamesJob ? policy.maxLosses : Math.min(policy.maxLosses, lossesOfPart);
  return halves.map(([position, objects]) => ({
    ...fresh(task, newId(), objects, now),
    position,
    maxAttempts: attemptsOfPart(objects.length, policy),
    maxLosses,
  }));
}

/** The object a failure names, dead, and the others together; undefined where it names none of them. */
export function guiltyApart(task: Task, failure: Failure, { now, newId }: Parting): Task[] | undefined {
  const at = task.objects.findIndex(({ key }) => key === failure.objectKey);
  const guilty = task.objects[at];
  if (!guilty) return undefined;
  const others = task.objects.filter((object) => object !== guilty);
  const dead: Task = { ...fresh(task, newId(), [guilty], now), state: 'dead', failure, endedAt: now };
  return [
    { ...dead, position: task.position + at, failedAttempts: 1 },
    { ...fresh(task, newId(), others, now), position: task.position + (at === 0 ? 1 : 0) },
  ];
}

/** What an attempt finished before it ended: accepted, and held by the same worker, which is to publish it. */
export function keptPart(task: Task, kept: ReportedManifest, { now, newId }: Parting): Task {
  const { lease } = task;
  const done = new Set(kept.entries.map(({ objectKey }) => objectKey));
  const id = newId();
  const part = fresh(
    task,
    id,
    task.objects.filter(({ key }) => done.has(key)),
    now,
  );
  if (!lease) return part;
  return {
    ...part,
    state: 'accepted',
    fence: 1,
    lease: { ...lease, assignmentId: assignmentId(id, 1) },
    manifest: { ...kept, attempt: 1, workerId: lease.workerId },
  };
}

/** What an attempt has not finished, still as it was held. The attempt made headway, so its failure is the first of this task. */
export function restOf(task: Task, kept: ReportedManifest, { now, newId, policy }: Parting): Task {
  const done = new Set(kept.entries.map(({ objectKey }) => objectKey));
  const objects = task.objects.filter(({ key }) => !done.has(key));
  const position = task.position + task.objects.findIndex(({ key }) => !done.has(key));
  const maxAttempts = Math.max(task.maxAttempts, attemptsOfPart(objects.length, policy));
  const { losses, state } = task;
  return { ...fresh(task, newId(), objects, now), position, losses, state, maxAttempts };
}

function fresh(task: Task, id: string, objects: ObjectRef[], now: number): Task {
  const { jobId, position, maxAttempts, maxLosses, legacyHeld } = task;
  return {
    id,
    jobId,
    position,
    state: 'available',
    objects,
    failedAttempts: 0,
    losses: 0,
    maxAttempts,
    maxLosses,
    fence: 0,
    availableAt: now,
    createdAt: now,
    ...(legacyHeld && { legacyHeld }),
  };
}
