/** What becomes of a task under a lease: pure decisions over plain data. Times are milliseconds of the orchestrator's clock. */
import { LongshoreError } from '../errors/longshore-error.js';
import type { JobPolicy } from '../words/job.js';
import type { ReportedManifest } from '../words/manifest.js';
import type { Lease, Task } from '../words/task.js';
import { nextTaskState } from './task-transitions.js';

export interface Grant {
  assignmentId: string;
  workerId: string;
  now: number;
  leaseMs: number;
  /** The worker never renews. */
  legacy?: boolean;
  /** Given in a turn. */
  byTurn?: boolean;
}

/** Gives an available task to a worker and raises its fence. */
export function grantLease(task: Task, grant: Grant): Task {
  const state = nextTaskState(task.state, 'lease');
  const held = { ...task, state, fence: task.fence + 1, lease: leaseOf(grant) };
  return grant.legacy ? { ...held, legacyHeld: true } : held;
}

/** Gives a task that somebody works on to a second worker; the fence rises, so that only the second may finish it. */
export function grantSecondRun(task: Task, grant: Grant): Task {
  const state = nextTaskState(task.state, 'overtake');
  return { ...task, state, fence: task.fence + 1, lease: leaseOf(grant), secondRun: true };
}

function leaseOf({ assignmentId, workerId, now, leaseMs, legacy, byTurn }: Grant): Lease {
  const lease = { assignmentId, workerId, leasedAt: now, expiresAt: now + leaseMs };
  return { ...lease, ...(legacy && { legacy: true }), ...(byTurn && { byTurn: true }) };
}

/**
 * The lease, if the caller still holds it: right worker, right fence, not over.
 *
 * @throws LongshoreError `stale-fence`
 */
export function heldLease(task: Task, workerId: string, fence: number): Lease {
  const { lease } = task;
  if (lease?.workerId !== workerId || task.fence !== fence) {
    throw new LongshoreError(
      'stale-fence',
      `Attempt ${fence} of task ${task.id} is over; the task is ${task.state} at attempt ${task.fence}.`,
      { remedy: 'Throw the work of this attempt away and ask for another task.' },
    );
  }
  return lease;
}

/**
 * Records that the worker has received its assignment, and renews the lease, because an assignment may be given long after it was leased.
 * Saying so twice keeps the first time, and renews nothing for a legacy worker, which says so without having done anything. One that waited
 * at the worker begins, and its time counts from now.
 */
export function acknowledgeLease(task: Task, workerId: string, fence: number, now: number, leaseMs: number): Task {
  const { waiting, ...lease } = heldLease(task, workerId, fence);
  const isRepeated = lease.legacy && lease.acknowledgedAt !== undefined;
  return {
    ...task,
    state: nextTaskState(task.state, 'acknowledge'),
    lease: {
      ...lease,
      acknowledgedAt: (waiting ? undefined : lease.acknowledgedAt) ?? now,
      expiresAt: isRepeated ? lease.expiresAt : now + leaseMs,
    },
  };
}

/** Moves the end of the lease to one lease time from now; the longer one of a legacy worker is not cut short by a restart. */
export function renewLease(task: Task, workerId: string, fence: number, now: number, leaseMs: number): Task {
  const lease = heldLease(task, workerId, fence);
  const expiresAt = Math.max(now + leaseMs, lease.legacy ? lease.expiresAt : 0);
  return { ...task, state: nextTaskState(task.state, 'renew'), lease: { ...lease, expiresAt } };
}

/** Renews the lease because its worker named it, which acknowledges one that was given in a turn. */
export function hearOfLease(task: Task, workerId: string, fence: number, now: number, leaseMs: number): Task {
  const renewed = renewLease(task, workerId, fence, now, leaseMs);
  const { lease } = renewed;
  if (!lease?.byTurn || lease.acknowledgedAt !== undefined) return renewed;
  return { ...renewed, lease: { ...lease, acknowledgedAt: now } };
}

/** Records the manifest; from here on the outputs will be published, by this worker or by the orchestrator. */
export function acceptManifest(task: Task, workerId: string, fence: number, manifest: ReportedManifest): Task {
  heldLease(task, workerId, fence);
  const { failure: _forgiven, ...rest } = task;
  return { ...rest, state: nextTaskState(task.state, 'accept'), manifest: { ...manifest, attempt: fence, workerId } };
}

/** Records that every output of the accepted attempt is visible. */
export function completeTask(task: Task, now: number): Task {
  const { lease, ...rest } = task;
  const began = lease && { startedAt: lease.leasedAt };
  return { ...rest, state: nextTaskState(task.state, 'publish'), ...began, endedAt: now };
}

export type Overdue = 'acknowledgement-timeout' | 'lease-expired' | 'processing-timeout' | 'timed-out';

/** Why a lease has to be taken back now, or nothing if it has not. */
export function overdue(
  task: Task,
  policy: Pick<JobPolicy, 'ackTimeoutSeconds' | 'timeoutSeconds'>,
  now: number,
): Overdue | undefined {
  const { lease } = task;
  if (!lease) return undefined;
  const isExpired = now >= lease.expiresAt;
  if (task.state !== 'leased') return isExpired ? 'lease-expired' : undefined;
  if (lease.acknowledgedAt === undefined) {
    if (now >= lease.leasedAt + policy.ackTimeoutSeconds * 1000) return 'acknowledgement-timeout';
    return isExpired && !lease.legacy ? 'lease-expired' : undefined;
  }
  if (isExpired) return lease.legacy ? 'processing-timeout' : 'lease-expired';
  if (lease.legacy || lease.waiting) return undefined;
  return now >= lease.acknowledgedAt + processingLimitMs(policy) ? 'timed-out' : undefined;
}

/**
 * The worker ends its own command at the time limit; the orchestrator steps in later, for a worker that renews its lease
 * and does nothing else. Fetching and staging get as long again as the command itself, and never less than a minute.
 */
function processingLimitMs(policy: Pick<JobPolicy, 'timeoutSeconds'>): number {
  return policy.timeoutSeconds * 1000 + Math.max(policy.timeoutSeconds * 1000, 60_000);
}

/** How long a lease lasts from its acknowledgement on: a legacy worker has the time limit of the job, and one lease time for all that is not work. */
export function leaseMsFor(
  lease: Lease | undefined,
  policy: Pick<JobPolicy, 'timeoutSeconds'>,
  leaseMs: number,
): number {
  return lease?.legacy ? policy.timeoutSeconds * 1000 + leaseMs : leaseMs;
}
