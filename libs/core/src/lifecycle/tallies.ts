/** What one change of a task adds to the running numbers about its job. */
import type { AttemptEnding } from '../words/attempt.js';
import type { Failure } from '../words/failure.js';
import { taskBytes, type Task } from '../words/task.js';

/** Work is counted in steps of this length; charts put several together. */
export const stepMs = 10_000;

export interface Tally {
  /** A task was completed. */
  completed?: { heldMs: number | undefined; objects: number; bytes: number };
  /** An attempt failed or was lost. */
  failed?: Failure;
  /** It became a dead letter. */
  died?: Failure;
  /** It was one, and is no more. */
  revived?: true;
}

export function tallyOf(before: Task | undefined, after: Task, ending: AttemptEnding | undefined, now: number): Tally {
  const became = (state: Task['state']) => after.state === state && before?.state !== state;
  const why = ending?.failure;
  return {
    ...(before && became('completed') && { completed: completedBy(before, now) }),
    ...(why && ending.outcome !== 'running' && { failed: why }),
    ...(became('dead') && after.failure && { died: after.failure }),
    ...(before?.state === 'dead' && after.state !== 'dead' && { revived: true }),
  };
}

function completedBy(task: Task, now: number): Tally['completed'] {
  const heldMs = task.lease && Math.max(0, now - task.lease.leasedAt);
  return { heldMs, objects: task.objects.length, bytes: taskBytes(task) };
}

export function stepOf(now: number): number {
  return Math.floor(now / stepMs) * stepMs;
}
