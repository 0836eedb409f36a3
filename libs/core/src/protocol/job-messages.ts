/** What people and programs send to, and get from, the jobs API. */
import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
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
import { retryActions, type RetryRule } from '../lifecycle/retry-rules.js';
import type { Failure } from '../words/failure.js';
import type { StorageSettings } from '../storage/storage-settings.js';
import type { BatchingRule } from '../batching/batching-rule.js';
import {
  sumOver,
  type Job,
  type JobCounts,
  type JobPolicy,
  type JobSpec,
  type JobState,
  type ScanState,
} from '../words/job.js';
import { formatLocation } from '../words/location.js';
import { skipKinds, type SkipRule } from '../words/skip-rule.js';
import { taskStates } from '../words/task.js';
import type { GroupObjects } from '../groups/job-group.js';
import { IsGroups, IsVariables } from './group-validators.js';
import { isoTime } from './iso-time.js';
import { StorageMessage } from './storage-messages.js';
import { IsOneOrMore, IsTolerance } from './policy-validators.js';

export class BatchingMessage {
  @IsOptional() @IsInt() @Min(1) @Max(100_000) maxObjects?: number;
  @IsOptional() @IsInt() @Min(1) maxBytes?: number;
  /** How long a task is to take: tasks are cut as they are asked for, by the speed that was measured. */
  @IsOptional() @IsNumber() @Min(1) @Max(86_400) targetSeconds?: number;
  /** With `targetSeconds`: fewest objects in a task. */
  @IsOptional() @IsInt() @Min(1) @Max(10_000) minObjects?: number;
}

export class RetryConditionMessage {
  /** An exit code of the command, or several. */
  @IsOptional() @IsOneOrMore('integer') exit?: number | readonly number[];
  /** A reason, or several: error codes, or short names such as `oom`. */
  @IsOptional() @IsOneOrMore('reason') reason?: string | readonly string[];
}

export class RetryRuleMessage {
  @IsDefined() @IsObject() @ValidateNested() @Type(() => RetryConditionMessage) on!: RetryConditionMessage;
  @IsIn(retryActions) then!: RetryRule['then'];
}

export class PolicyMessage {
  @IsOptional() @IsInt() @Min(1) @Max(100) maxAttempts?: number;
  @IsOptional() @IsInt() @Min(1) @Max(1_000) maxLosses?: number;
  @IsOptional() @IsNumber() @Min(1) @Max(7 * 86_400) timeoutSeconds?: number;
  @IsOptional() @IsNumber() @Min(1) @Max(86_400) ackTimeoutSeconds?: number;
  @IsOptional() @IsNumber() @Min(0) @Max(3_600) retryDelaySeconds?: number;
  /** A number of objects, or a share such as `2%`. */
  @IsOptional() @IsTolerance() toleratedDead?: number | string;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => RetryRuleMessage)
  retry?: RetryRuleMessage[];
}

export class SkipMessage {
  @IsIn(skipKinds) by!: SkipRule['by'];
  /** With `outputs`: how many of an object's outputs must be there; all, where nothing is said. */
  @IsOptional() @IsInt() @Min(1) @Max(100_000) count?: number;
  /** With `outputs`: a smaller one does not count; 1 where nothing is said. */
  @IsOptional() @IsInt() @Min(0) minBytes?: number;
  /** With `outputs`: only those whose name holds this text count. */
  @IsOptional() @IsString() @Length(1, 1_024) nameContains?: string;
}

/** One task: what its command is told, and which objects it works on. */
export interface GroupMessage {
  variables?: Record<string, unknown>;
  /** Patterns of keys below the input, or `{prefix: ...}`; what the plugin says, where nothing is said. */
  objects?: GroupObjects[];
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
  @Length(1, 1_024, { each: true })
  include?: string[];
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @Length(1, 1_024, { each: true })
  exclude?: string[];
  @IsOptional() @IsObject() @ValidateNested() @Type(() => BatchingMessage) batching?: BatchingMessage;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => PolicyMessage) policy?: PolicyMessage;
  /** How the S3 of input and output is reached, and how outputs are stored. */
  @IsOptional() @IsObject() @ValidateNested() @Type(() => StorageMessage) storage?: StorageMessage;
  /** What counts as done already; by the records of earlier jobs, where nothing is said. */
  @IsOptional() @IsObject() @ValidateNested() @Type(() => SkipMessage) skip?: SkipMessage;
  /** Each is one task; batching says nothing then. */
  @IsOptional() @IsGroups() groups?: GroupMessage[];
  /** What the commands of all groups are told. */
  @IsOptional() @IsVariables() variables?: Record<string, unknown>;
}

/** Which dead letters to try again; all of the job, where nothing is said. */
export class RedriveRequest {
  /** An error code, or a short name such as `oom`. */
  @IsOptional() @IsString() @Length(1, 100) reason?: string;
  @IsOptional() @IsString() @Length(1, 1_100) key?: string;
  @IsOptional() @IsString() @Length(1, 100) task?: string;
  /** The id of a group of failures, as `GET /api/v1/jobs/:id/failures` tells it. */
  @IsOptional() @IsString() @Length(1, 100) group?: string;
}

/** Which tasks that wait for their retry delay to try now; all of the job, where nothing is said. */
export class RetryRequest {
  @IsOptional() @IsString() @Length(1, 100) task?: string;
}

/** How many tasks waited for their retry delay, and do no longer. */
export interface RetryAnswer {
  hastened: number;
}

/** Numbers of objects: those that are tried again, and those that would be refused again. */
export interface RedriveAnswer {
  redriven: number;
  refused: number;
  /** There are many: it is done little by little, and goes on after a restart. */
  ongoing?: true;
}

/** A file the plugin wrote when the job ended; it lies beside the outputs. */
export interface ReportAnswer {
  /** Below the output. */
  name: string;
  size_bytes: number;
  sha256: string;
}

/** Why something is where it is, one thought each. */
export interface ExplainAnswer {
  sentences: string[];
}

/** One object that is done, as a line of the manifest. */
export interface ManifestLine {
  key: string;
  etag: string;
  /** Full keys below the output bucket. */
  outputs: { key: string; size_bytes: number; sha256: string }[];
  record?: Record<string, unknown>;
  /** The job that made it, where that was an earlier one; task, attempt and worker are that job's then. */
  carried_from?: string;
  task_id: string;
  attempt: number;
  worker_id: string;
  image_digest: string;
  plugin: string;
  plugin_version: string;
  params: Record<string, unknown>;
  duration_ms: number;
  exit_code: number;
  /** On the word of a legacy worker alone: what it wrote, and with what, nobody knows. */
  unverified?: true;
}

export class PageQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(500) limit?: number;
  /** `next` of the page before. */
  @IsOptional() @IsString() @MaxLength(200) after?: string;
}

export interface JobAnswer {
  id: string;
  plugin: string;
  /** The plugin, as system 001 names it. */
  job_type: string;
  plugin_version: string;
  params: Record<string, unknown>;
  input: string;
  output: string;
  include: string[];
  exclude: string[];
  storage?: { input?: StorageSettings; output?: StorageSettings };
  batching: BatchingRule;
  policy: JobPolicy;
  /** How many groups it lists, each of which is one task. */
  group_count?: number;
  /** What the commands of all groups are told. */
  variables?: Record<string, unknown>;
  state: JobState;
  scan: ScanState;
  objects_listed: number;
  objects_skipped: number;
  /** Objects that earlier jobs had done, or whose outputs were found. */
  objects_done_before: number;
  skip: SkipRule;
  /** Tasks, those that smaller ones have replaced left out. */
  total_tasks: number;
  completed_tasks: number;
  /** Dead letters. */
  failed_tasks: number;
  tasks: JobCounts['tasks'];
  objects: JobCounts['objects'];
  bytes: JobCounts['bytes'];
  /** Objects that are done on the word of legacy workers alone, where there are any. */
  objects_unverified?: number;
  failure?: Failure;
  created_at: string;
  started_at?: string;
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
    job_type: spec.plugin,
    plugin_version: spec.pluginVersion,
    params: spec.params,
    input: formatLocation(spec.input),
    output: formatLocation(spec.output),
    include: spec.include,
    exclude: spec.exclude,
    ...storageAnswer(spec),
    batching: spec.batching,
    policy: spec.policy,
    ...(spec.groups && { group_count: spec.groups.count, variables: spec.groups.variables }),
    state: job.state,
    scan: job.scan,
    objects_listed: job.objectsListed,
    objects_skipped: job.objectsSkipped,
    objects_done_before: job.objectsDoneBefore ?? 0,
    skip: spec.skip ?? { by: 'none' },
    ...taskTotals(job.counts),
    tasks: job.counts.tasks,
    objects: job.counts.objects,
    bytes: job.counts.bytes,
    ...(job.objectsUnverified !== undefined && { objects_unverified: job.objectsUnverified }),
    ...(job.failure && { failure: job.failure }),
    created_at: isoTime(job.createdAt),
    ...(job.startedAt !== undefined && { started_at: isoTime(job.startedAt) }),
    ...(job.endedAt !== undefined && { ended_at: isoTime(job.endedAt) }),
  };
}

function storageAnswer({ input, output }: JobSpec): Pick<JobAnswer, 'storage'> {
  if (!input.storage && !output.storage) return {};
  return {
    storage: { ...(input.storage && { input: input.storage }), ...(output.storage && { output: output.storage }) },
  };
}

/** In the words of system 001. */
export function taskTotals({ tasks }: JobCounts): Pick<JobAnswer, 'total_tasks' | 'completed_tasks' | 'failed_tasks'> {
  return {
    total_tasks: sumOver(tasks, taskStates) - tasks.split,
    completed_tasks: tasks.completed,
    failed_tasks: tasks.dead,
  };
}
