/** Tasks that a worker has taken ahead: they wait there for another one to end, and anybody who has nothing to do may have them. */
import { LongshoreError } from '../errors/longshore-error.js';
import type { Task } from '../words/task.js';
import { acknowledgeLease, grantLease, heldLease, renewLease, type Grant } from './lease-rules.js';
import { nextTaskState } from './task-transitions.js';

/** A task that is about to begin where it is, with its inputs fetched, is not worth moving. */
const leastWaitMs = 2_000;

/** Records that the worker has received its assignment and has not begun with it. Said again, it renews the lease; one that has begun does not wait again. */
export function acknowledgeWaiting(task: Task, workerId: string, fence: number, now: number, leaseMs: number): Task {
  const before = heldLease(task, workerId, fence);
  if (before.waiting) return renewLease(task, workerId, fence, now, leaseMs);
  if (before.acknowledgedAt !== undefined) return task;
  const known = acknowledgeLease(task, workerId, fence, now, leaseMs);
  return { ...known, lease: { ...heldLease(known, workerId, fence), waiting: true } };
}

/** Gives a task back that never began, which costs nothing; undefined for any other. */
export function releaseWaiting(task: Task, now: number): Task | undefined {
  if (!task.lease?.waiting) return undefined;
  const { lease: _over, ...rest } = task;
  return { ...rest, state: nextTaskState(task.state, 'release'), availableAt: now };
}

export function isWaitingElsewhere({ state, lease }: Task, workerId: string, now: number): boolean {
  if (state !== 'leased' || !lease?.waiting || lease.workerId === workerId) return false;
  return now - (lease.acknowledgedAt ?? now) >= leastWaitMs;
}

/**
 * Gives a task that waits at a worker to another one; the fence rises, so that the first may not begin with it.
 *
 * @throws LongshoreError `transition-refused` when it waits no more
 */
export function takeWaiting(task: Task, grant: Grant): Task {
  if (!isWaitingElsewhere(task, grant.workerId, grant.now))
    throw new LongshoreError('transition-refused', 'It has begun.');
  return { ...grantLease({ ...task, state: 'available' }, grant), state: nextTaskState(task.state, 'overtake') };
}
