/** What people and programs send to, and get from, the jobs API. */
import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { Attempt } from '../words/attempt.js';
import type { Failure } from '../words/failure.js';
import type { Job, JobCounts, JobState, ScanState } from '../words/job.js';
import { formatLocation } from '../words/location.js';
import { taskStates, type Task, type TaskState } from '../words/task.js';

export class BatchingMessage {
  @IsOptional() @IsInt() @Min(1) @Max(100_000) maxObjects?: number;
  @IsOptional() @IsInt() @Min(1) maxBytes?: number;
}

export class PolicyMessage {
  @IsOptional() @IsInt() @Min(1) @Max(100) maxAttempts?: number;
  @IsOptional() @IsInt() @Min(1) @Max(1_000) maxLosses?: number;
  @IsOptional() @IsNumber() @Min(1) @Max(7 * 86_400) timeoutSeconds?: number;
  @IsOptional() @IsNumber() @Min(1) @Max(86_400) ackTimeoutSeconds?: number;
  @IsOptional() @IsNumber() @Min(0) @Max(3_600) retryDelaySeconds?: number;
  @IsOptional() @IsInt() @Min(0) toleratedDead?: number;
}

export class CreateJobRequest {
  @IsString() @Length(1, 100) plugin!: string;
  /** `s3://bucket/prefix/` or the path of a folder on the orchestrator's machine. */
  @IsString() @Length(1, 4_096) input!: string;
  @IsString() @Length(1, 4_096) output!: string;
  @IsOptional() @IsObject() params?: Record<string, unknown>;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(1_024, { each: true })
  include?: string[];
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(1_024, { each: true })
  exclude?: string[];
  @IsOptional() @IsObject() @ValidateNested() @Type(() => BatchingMessage) batching?: BatchingMessage;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => PolicyMessage) policy?: PolicyMessage;
}

export class PageQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(500) limit?: number;
  /** `next` of the page before. */
  @IsOptional() @IsString() @MaxLength(200) after?: string;
}

export class TaskPageQuery extends PageQuery {
  @IsOptional() @IsIn(taskStates) state?: TaskState;
}

export interface JobAnswer {
  id: string;
  plugin: string;
  plugin_version: string;
  params: Record<string, unknown>;
  input: string;
  output: string;
  include: string[];
  exclude: string[];
  state: JobState;
  scan: ScanState;
  objects_listed: number;
  objects_skipped: number;
  tasks: JobCounts['tasks'];
  objects: JobCounts['objects'];
  bytes: JobCounts['bytes'];
  failure?: Failure;
  created_at: string;
  started_at?: string;
  ended_at?: string;
}

export interface TaskAnswer {
  id: string;
  job_id: string;
  position: number;
  state: TaskState;
  file_names: string[];
  failed_attempts: number;
  losses: number;
  fence: number;
  worker_id?: string;
  failure?: Failure;
  created_at: string;
  ended_at?: string;
}

export interface AttemptAnswer {
  number: number;
  worker_id: string;
  outcome: Attempt['outcome'];
  failure?: Failure;
  started_at: string;
  ended_at?: string;
}

export interface PageAnswer<T> {
  items: T[];
  next?: string;
}

export function jobAnswer(job: Job): JobAnswer {
  const { spec } = job;
  return {
    id: job.id,
    plugin: spec.plugin,
    plugin_version: spec.pluginVersion,
    params: spec.params,
    input: formatLocation(spec.input),
    output: formatLocation(spec.output),
    include: spec.include,
    exclude: spec.exclude,
    state: job.state,
    scan: job.scan,
    objects_listed: job.objectsListed,
    objects_skipped: job.objectsSkipped,
    tasks: job.counts.tasks,
    objects: job.counts.objects,
    bytes: job.counts.bytes,
    ...(job.failure && { failure: job.failure }),
    created_at: isoTime(job.createdAt),
    ...(job.startedAt !== undefined && { started_at: isoTime(job.startedAt) }),
    ...(job.endedAt !== undefined && { ended_at: isoTime(job.endedAt) }),
  };
}

export function taskAnswer(task: Task): TaskAnswer {
  return {
    id: task.id,
    job_id: task.jobId,
    position: task.position,
    state: task.state,
    file_names: task.objects.map((object) => object.key),
    failed_attempts: task.failedAttempts,
    losses: task.losses,
    fence: task.fence,
    ...(task.lease && { worker_id: task.lease.workerId }),
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
    started_at: isoTime(attempt.startedAt),
    ...(attempt.endedAt !== undefined && { ended_at: isoTime(attempt.endedAt) }),
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
