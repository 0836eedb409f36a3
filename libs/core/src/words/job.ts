/** A job: what a user submits, and what became of it. */
import type { GroupList } from '../groups/job-group.js';
import type { BatchingRule } from '../batching/batching-rule.js';
import type { Pace } from '../batching/pace.js';
import type { ErrorCode } from '../errors/codes.js';
import type { RetryRule } from '../lifecycle/retry-rules.js';
import type { Failure } from './failure.js';
import { formatLocation, type Location } from './location.js';
import type { SkipRule } from './skip-rule.js';
import type { TaskState } from './task.js';

export const jobStates = ['pending', 'running', 'paused', 'completed', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];
export type ScanState = 'pending' | 'running' | 'done';

export const endedJobStates: readonly JobState[] = ['completed', 'failed', 'cancelled'];

export interface JobPolicy {
  /** Attempts a task may fail by the job's own fault. */
  maxAttempts: number;
  /** Attempts a task may lose by nobody's fault. */
  maxLosses: number;
  /** Longest time one command may run. */
  timeoutSeconds: number;
  /** Longest time between handing out a task and its acknowledgement. */
  ackTimeoutSeconds: number;
  /** Delay before the second try; grows by two for each further one, with jitter. */
  retryDelaySeconds: number;
  /** Objects that may be dead in a job that still counts as completed: a count, or a share of all objects such as `2%`. */
  toleratedDead: number | string;
  /** Decide by exit code and reason what the classes of failure would decide otherwise; the first that matches. */
  retry: RetryRule[];
}

export const defaultJobPolicy: JobPolicy = {
  maxAttempts: 3,
  maxLosses: 10,
  timeoutSeconds: 600,
  ackTimeoutSeconds: 60,
  retryDelaySeconds: 5,
  toleratedDead: 0,
  retry: [],
};

export interface JobSpec {
  plugin: string;
  pluginVersion: string;
  params: Record<string, unknown>;
  input: Location;
  output: Location;
  include: string[];
  exclude: string[];
  batching: BatchingRule;
  policy: JobPolicy;
  /** Of a job that lists its groups, each of which is one task; batching says nothing then. */
  groups?: GroupList;
  /** Absent in jobs of before there was a choice: nothing is skipped, and nothing recorded beside the outputs. */
  skip?: SkipRule;
}

/** Running totals, kept with every change so that nobody counts rows. */
export interface JobCounts {
  tasks: Record<TaskState, number>;
  objects: Record<TaskState, number>;
  bytes: Record<TaskState, number>;
}

export interface Job {
  id: string;
  spec: JobSpec;
  state: JobState;
  scan: ScanState;
  /** The last key up to which every object is in a stored task. */
  scannedTo?: string;
  /** Objects listed, those skipped among them. */
  objectsListed: number;
  /** Objects the include and exclude patterns, or a trailing slash, left out; those whose outputs were found among them. */
  objectsSkipped: number;
  /** Objects that were done before this job: carried over with their records, or skipped because their outputs were found. */
  objectsDoneBefore?: number;
  counts: JobCounts;
  failure?: Failure;
  /** Objects that are done on the word of legacy workers alone. */
  objectsUnverified?: number;
  /** The longest time a completed task was held, in milliseconds; tells what is slow. */
  longestTaskMs?: number;
  /** How fast it goes, where its tasks are cut by time and one was done. */
  pace?: Pace;
  /** When people were told that too many of its objects are dead. */
  thresholdToldAt?: number;
  createdAt: number;
  startedAt?: number;
  endedAt?: number;
  /** What is left of orders to redrive more dead letters than are changed at once, oldest first. */
  redrives?: RedriveOrder[];
}

export interface RedriveOrder {
  /** What died later is not meant. */
  at: number;
  /** Of one group of failures, or of one reason; all, where nothing is said. */
  group?: string;
  reason?: ErrorCode;
  /** Where its next page begins. */
  after?: string;
}

export function sumOver(counts: Record<TaskState, number>, states: readonly TaskState[]): number {
  return states.reduce((sum, state) => sum + counts[state], 0);
}

/** What a search for jobs looks through, in lower case. */
export function searchText({ id, spec }: Pick<Job, 'id' | 'spec'>): string {
  return [id, spec.plugin, formatLocation(spec.input), formatLocation(spec.output)].join(' ').toLowerCase();
}
