/** Which tasks take so long that somebody else should try: a slow machine must not hold up the end of a job. */
import type { Job } from '../words/job.js';
import type { Task } from '../words/task.js';
import { expectedMs } from './job-pace.js';

/** A task is slow when it takes so many times as long as the slowest that was completed, and as is expected of it where anything is. */
const slowFactor = 3;

/** Nothing that takes less is worth doing twice. */
const leastMs = 30_000;

/**
 * True for a task that may be run a second time: once in its life, on another worker, when it takes far longer than any completed one of
 * its job did.
 */
export function isStraggler(task: Task, job: Job, workerId: string, now: number): boolean {
  const { lease } = task;
  if (
    task.state !== 'leased' ||
    !lease?.acknowledgedAt ||
    lease.waiting ||
    task.secondRun ||
    lease.workerId === workerId
  )
    return false;
  if (job.state !== 'running' || job.longestTaskMs === undefined) return false;
  // Where tasks are cut by time the first ones are short; and the one large object of a job is no fault of its worker.
  const usualMs = Math.max(job.longestTaskMs, expectedMs(job, task) ?? 0);
  return now - lease.acknowledgedAt > Math.max(leastMs, slowFactor * usualMs);
}

/** The job, knowing that a task was held for so long; nothing when it knew of a longer one, or when it makes no task slow either way. */
export function withTaskTime(job: Job, task: Task, now: number): Job | undefined {
  const heldMs = now - (task.lease?.acknowledgedAt ?? now);
  if (job.longestTaskMs !== undefined && heldMs * slowFactor <= leastMs) return undefined;
  return heldMs > (job.longestTaskMs ?? -1) ? { ...job, longestTaskMs: heldMs } : undefined;
}
