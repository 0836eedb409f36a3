/** Tasks and attempts as people see them. */
import 'reflect-metadata';
import { IsIn, IsOptional } from 'class-validator';
import type { TaskSummary } from '../words/task-summary.js';
import type { Attempt } from '../words/attempt.js';
import type { Failure } from '../words/failure.js';
import { manifestOutputs, type Manifest } from '../words/manifest.js';
import { taskStates, type Task, type TaskState } from '../words/task.js';
import { isoTime } from './iso-time.js';
import { PageQuery } from './job-messages.js';
import { shortFailure } from './short-failure.js';

export class TaskPageQuery extends PageQuery {
  @IsOptional() @IsIn(taskStates) state?: TaskState;
}

export interface TaskAnswer {
  id: string;
  job_id: string;
  position: number;
  state: TaskState;
  object_count: number;
  /** The group of the job that it is, from 1, where the job lists groups. */
  group?: number;
  /** The first twenty of its objects; all of them page by page at `/api/v1/tasks/:id/objects`. */
  file_names: string[];
  failed_attempts: number;
  losses: number;
  fence: number;
  worker_id?: string;
  /** Done on the word of a legacy worker. */
  unverified?: true;
  /** Not tried again before this time. */
  available_at: string;
  failure?: Failure;
  created_at: string;
  ended_at?: string;
}

/** One task, as it is asked for alone. */
export interface TaskDetailAnswer extends TaskAnswer {
  max_attempts: number;
  max_losses: number;
  /** The values of its group. */
  variables?: Record<string, unknown>;
  lease?: LeaseAnswer;
  /** The last fifty, without their logs. */
  attempts: AttemptAnswer[];
  /** What is recorded of it, once a result was accepted. */
  manifest?: ManifestAnswer;
}

export interface LeaseAnswer {
  worker_id: string;
  leased_at: string;
  acknowledged_at?: string;
  expires_at: string;
}

/** What made the outputs of a task; the outputs themselves page by page at `/api/v1/tasks/:id/outputs`. */
export interface ManifestAnswer {
  attempt: number;
  worker_id: string;
  image_digest: string;
  plugin_version: string;
  exit_code: number;
  duration_ms: number;
  outputs: number;
  size_bytes: number;
}

/** One object of a task. */
export interface ObjectAnswer {
  key: string;
  size_bytes: number;
  etag: string;
}

/** One output of a task, once a result was accepted. */
export interface OutputAnswer {
  /** Full key below the output bucket. */
  key: string;
  size_bytes: number;
  sha256: string;
  /** The object it came from; absent for an output of the whole task. */
  object_key?: string;
}

export interface AttemptAnswer {
  number: number;
  worker_id: string;
  outcome: Attempt['outcome'];
  failure?: Failure;
  exit_code?: number;
  duration_ms?: number;
  /** What the container printed, bounded; only where one attempt is asked for. */
  log?: string;
  started_at: string;
  ended_at?: string;
}

export function taskAnswer(task: TaskSummary): TaskAnswer {
  return {
    id: task.id,
    job_id: task.jobId,
    position: task.position,
    state: task.state,
    object_count: task.objectCount,
    ...(task.group && { group: task.group.number }),
    file_names: namesShown(task.firstKeys),
    failed_attempts: task.failedAttempts,
    losses: task.losses,
    fence: task.fence,
    ...(task.lease && { worker_id: task.lease.workerId }),
    ...(task.unverified && { unverified: true }),
    available_at: isoTime(task.availableAt),
    ...(task.failure && { failure: task.failure }),
    created_at: isoTime(task.createdAt),
    ...(task.endedAt !== undefined && { ended_at: isoTime(task.endedAt) }),
  };
}

export function attemptAnswer(attempt: Attempt): AttemptAnswer {
  return {
    number: attempt.number,
    worker_id: attempt.workerId,
    outcome: attempt.outcome,
    ...(attempt.failure && { failure: attempt.failure }),
    ...(attempt.exitCode !== undefined && { exit_code: attempt.exitCode }),
    ...(attempt.durationMs !== undefined && { duration_ms: attempt.durationMs }),
    ...(attempt.log !== undefined && { log: attempt.log }),
    started_at: isoTime(attempt.startedAt),
    ...(attempt.endedAt !== undefined && { ended_at: isoTime(attempt.endedAt) }),
  };
}

export function leaseAnswer({ lease }: Pick<Task, 'lease'>): LeaseAnswer | undefined {
  if (!lease) return undefined;
  return {
    worker_id: lease.workerId,
    leased_at: isoTime(lease.leasedAt),
    ...(lease.acknowledgedAt !== undefined && { acknowledged_at: isoTime(lease.acknowledgedAt) }),
    expires_at: isoTime(lease.expiresAt),
  };
}

export function manifestAnswer(manifest: Manifest): ManifestAnswer {
  const outputs = manifestOutputs(manifest);
  return {
    attempt: manifest.attempt,
    worker_id: manifest.workerId,
    image_digest: manifest.imageDigest,
    plugin_version: manifest.pluginVersion,
    exit_code: manifest.exitCode,
    duration_ms: manifest.durationMs,
    outputs: outputs.length,
    size_bytes: outputs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

/** Where many are listed. */
export function taskListAnswer(task: TaskSummary): TaskAnswer {
  return { ...taskAnswer(task), ...(task.failure && { failure: shortFailure(task.failure) }) };
}

/** Without its log, and so without that of its failure. */
export function shortAttempt({ log: _long, failure, ...attempt }: Attempt): AttemptAnswer {
  const { log: _too, ...why } = failure ?? {};
  return { ...attemptAnswer(attempt), ...(failure && { failure: shortFailure(why as Failure) }) };
}

/** Names may be a kilobyte each. */
const namesBytes = 8_192;

export function namesShown(names: readonly string[]): string[] {
  let bytes = 0;
  return names.filter((name, index) => (bytes += JSON.stringify(name).length) <= namesBytes || index === 0);
}
