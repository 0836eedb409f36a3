/** A task: one batch of objects worked on together, and the unit of leasing. */
import type { TaskGroup } from '../groups/job-group.js';
import type { Failure } from './failure.js';
import type { Manifest } from './manifest.js';
import type { ObjectRef } from './object-ref.js';

export const taskStates = ['available', 'leased', 'accepted', 'completed', 'dead', 'split', 'cancelled'] as const;
export type TaskState = (typeof taskStates)[number];

/** States in which a task still has work to do; a job ends when none of its tasks is in one. */
export const openTaskStates: readonly TaskState[] = ['available', 'leased', 'accepted'];

/** A worker's exclusive, expiring right to one attempt. All times are the orchestrator's clock, in milliseconds. */
export interface Lease {
  assignmentId: string;
  workerId: string;
  leasedAt: number;
  /** When the worker began with it, or, while it waits there, when it was received. */
  acknowledgedAt?: number;
  /** The worker has taken it ahead and has not begun with it. */
  waiting?: true;
  /** The lease ends here unless it is renewed. */
  expiresAt: number;
  /** Given in a turn: it is acknowledged by the first request of its worker that names it. */
  byTurn?: true;
  /** Of a legacy worker, which never renews: once acknowledged it lasts as long as the task may take. */
  legacy?: true;
}

export interface Task {
  id: string;
  jobId: string;
  /** Ordinal of the first of its objects in the job's listing, from 0. */
  position: number;
  state: TaskState;
  objects: ObjectRef[];
  /** Attempts that failed by the job's own fault. */
  failedAttempts: number;
  /** Attempts that ended by nobody's fault. */
  losses: number;
  /** Attempts it may still fail before it is out of attempts; smaller for the parts of a split task. */
  maxAttempts: number;
  /** Attempts it may still lose before it is out of losses. */
  maxLosses: number;
  /** Rises with every lease and never falls; what carries an older one is refused. */
  fence: number;
  /** Not leased before this time. */
  availableAt: number;
  lease?: Lease;
  /** Set once it was given to a second worker because the first was slow. */
  secondRun?: true;
  /** A legacy worker has held it, which writes outputs under their final names before it says anything. */
  legacyHeld?: true;
  manifest?: Manifest;
  /** Its results are those of earlier jobs; it was completed as it was made. */
  carried?: true;
  /** Set where it is a group that its job lists: it is never split, and its command is told the values. */
  group?: TaskGroup;
  /** Set until it is leased for the first time, where tasks are cut by time: how many of its objects become a task is decided then. */
  uncut?: Uncut;
  /** Why the last attempt failed. */
  failure?: Failure;
  createdAt: number;
  /** When the attempt began that completed it. */
  startedAt?: number;
  endedAt?: number;
}

/** What may be cut into tasks, and what may not. */
export interface Uncut {
  /** Numbers of objects that follow one another and stay together; absent where every object stands for itself. */
  groups?: number[];
}

/** What is known of a task when the planner cuts it. */
export interface NewTask {
  id: string;
  position: number;
  objects: ObjectRef[];
  /** The group it is. */
  group?: TaskGroup;
  /** Set where tasks are cut from it later. */
  uncut?: Uncut;
  /** Set for an object that is set aside at once; the task starts `dead`. */
  refusal?: Failure;
  /** Set for objects that earlier jobs have done; the task starts `completed`. */
  carried?: Manifest;
}

export function taskBytes(task: Pick<Task, 'objects'>): number {
  return task.objects.reduce((sum, object) => sum + object.sizeBytes, 0);
}
