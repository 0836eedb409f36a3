/** What workers and the orchestrator say to each other. Names of fields are those of the original system. */
import 'reflect-metadata';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
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
import { isErrorCode, type ErrorCode } from '../errors/codes.js';
import { failure, type Failure } from '../words/failure.js';
import type { StorageSettings } from '../storage/storage-settings.js';
import { withStorage, type Location } from '../words/location.js';
import type { ObjectRef } from '../words/object-ref.js';
import type { TokenAnswer } from './token-messages.js';

/** Names the cluster of whoever asks; an orchestrator of another one refuses whatever it is. */
export const clusterHeader = 'longshore-cluster';

export class InstanceMessage {
  @IsOptional() @IsString() @MaxLength(255) name?: string;
  @IsOptional() @IsString() @MaxLength(100) id?: string;
  @IsOptional() @IsString() @MaxLength(100) type?: string;
  @IsOptional() @IsString() @MaxLength(100) zone?: string;
  @IsOptional() @IsString() @MaxLength(100) region?: string;
  @IsOptional() @IsInt() @Min(1) @Max(65_536) cpus?: number;
  @IsOptional() @IsInt() @Min(1) @Max(Number.MAX_SAFE_INTEGER) memory_bytes?: number;
  @IsOptional() @IsInt() @Min(0) @Max(1024) gpus?: number;
  @IsOptional() @IsString() @MaxLength(255) gpu?: string;
}

export class RegisterRequest {
  @IsString() @Length(1, 255) hostname!: string;
  /** A worker of the original system that no metadata service tells its type sends `null` in its place. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.filter((one) => one !== null) : value))
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  capabilities?: string[];
  /** The plugin the worker was started with. */
  @IsOptional() @IsString() @MaxLength(100) plugin?: string;
  /** Tasks it works on at the same time. */
  @IsOptional() @IsInt() @Min(1) @Max(1024) slots?: number;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => InstanceMessage) instance?: InstanceMessage;
  /** Absent for a worker of the original system, which belongs to whoever it finds. */
  @IsOptional() @IsString() @Length(1, 100) cluster?: string;
  /** The digest of the image it runs, as `sha256:...`: what is done already is not done again by the same one. */
  @IsOptional() @IsString() @MaxLength(255) image_digest?: string;
  @IsOptional() @IsInt() protocol?: number;
  @IsOptional() @IsString() @Length(1, 100) request_id?: string;
}

export interface RegisterAnswer extends TokenAnswer {
  worker_id: string;
  message: string;
  heartbeat_seconds: number;
  lease_seconds: number;
  /** Tasks that each slot may take while it works on another; an orchestrator that says nothing knows of none. */
  tasks_ahead?: number;
  /** Whether it takes turns; one that says nothing is told each thing with a request of its own. */
  turns?: true;
  /** The cluster of the orchestrator. */
  cluster?: string;
}

export interface Assignment {
  assignment_id: string;
  task_id: string;
  job_id: string;
  /** Number of this try, from 1. */
  attempt: number;
  fence: number;
  /** Full keys, as the original system sends them. */
  file_names: string[];
  objects: ObjectRef[];
  input_bucket: string;
  input_prefix: string;
  output_bucket: string;
  output_prefix: string;
  /** How to reach each, where the job says more than the environment of the worker does. */
  input_storage?: StorageSettings;
  output_storage?: StorageSettings;
  plugin: string;
  params: Record<string, unknown>;
  /** What the command is told of its group, where the job lists groups; the task is finished as a whole or not at all. */
  variables?: Record<string, unknown>;
  lease_seconds: number;
  /** Longest time the command may run. */
  timeout_seconds: number;
  /** Where this attempt stands in the trace of its task (W3C Trace Context), where one is recorded. */
  traceparent?: string;
}

/** Where the objects of an assignment are, and where its outputs go. */
export function assignedLocations(given: Assignment): { input: Location; output: Location } {
  return {
    input: withStorage({ bucket: given.input_bucket, prefix: given.input_prefix }, given.input_storage),
    output: withStorage({ bucket: given.output_bucket, prefix: given.output_prefix }, given.output_storage),
  };
}

export interface ShutdownOrder {
  shutdown: true;
  message: string;
}

export interface AssignmentAnswer {
  assignment: Assignment | ShutdownOrder | null;
  /** Only when the worker asked with `max`. */
  assignments?: Assignment[];
}

export class AssignmentQuery {
  /** Longest time to wait for work, in seconds. */
  @IsOptional() @Type(() => Number) @IsNumber() @Min(0) @Max(60) wait?: number;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1024) max?: number;
}

/** Every request that changes something may carry an id of its own; sent again, it gets the same answer and changes nothing. */
export class AckRequest {
  @IsOptional() @IsString() @MaxLength(100) assignment_id?: string;
  @IsOptional() @IsInt() @Min(1) fence?: number;
  @IsOptional() @IsString() @Length(1, 100) request_id?: string;
}

/** One that was taken ahead is `waiting`, which acknowledges it, until it is `processing`. */
export const workerStatuses = [
  'waiting',
  'processing',
  'completed',
  'failed',
  'released',
  'published',
  'shutting-down',
] as const;
export type WorkerStatus = (typeof workerStatuses)[number];

export function isWorkerStatus(status: string): status is WorkerStatus {
  return (workerStatuses as readonly string[]).includes(status);
}

export class StatusRequest {
  /** One of `workerStatuses`; of a legacy worker, any text. */
  @IsString() @Length(1, 10_000) status!: string;
  @IsOptional() @IsObject() details?: Record<string, unknown>;
  @IsOptional() @IsString() @MaxLength(100) assignment_id?: string;
  @IsOptional() @IsInt() @Min(1) fence?: number;
  @IsOptional() @IsString() @Length(1, 100) request_id?: string;
  /** The span of this report in the trace of its task. */
  @IsOptional() @IsString() @MaxLength(100) traceparent?: string;
}

export interface StatusAnswer {
  message: string;
  /** What an attempt finished before it failed was accepted under this assignment; its outputs are to be published. */
  kept?: HeldAssignment;
}

export class HeldAssignment {
  @IsString() @MaxLength(100) assignment_id!: string;
  @IsInt() @Min(1) fence!: number;
}

export class HeartbeatRequest {
  @IsDefined()
  @IsArray()
  @ArrayMaxSize(4096)
  @ValidateNested({ each: true })
  @Type(() => HeldAssignment)
  assignments!: HeldAssignment[];
  @IsOptional() @IsObject() stats?: Record<string, unknown>;
  @IsOptional() @IsString() @Length(1, 100) request_id?: string;
}

export interface HeartbeatAnswer extends TokenAnswer {
  /** `cancel`: the lease is gone or the job was cancelled; stop the container and throw the work away. */
  orders: { assignment_id: string; order: 'cancel' }[];
  drain?: true;
}

const longestLog = 16_384;

/** A failure as it travels in the details of a status; text alone, as the original's workers send it, is understood too. */
export function readFailure(details: Record<string, unknown> | undefined, fallback: ErrorCode): Failure {
  const message = typeof details?.error === 'string' ? details.error : 'The worker gave no reason.';
  const code = isErrorCode(details?.code) ? details.code : fallback;
  const log = readLog(details);
  return failure(code, message.slice(0, 4_000), {
    ...(typeof details?.object_key === 'string' ? { objectKey: details.object_key } : {}),
    ...(log === undefined ? {} : { log }),
    ...(Number.isInteger(details?.exit_code) ? { exitCode: details?.exit_code as number } : {}),
  });
}

/** What the container printed, as the worker has bounded it already. */
export function readLog(details: Record<string, unknown> | undefined): string | undefined {
  return typeof details?.log === 'string' ? details.log.slice(-longestLog) : undefined;
}

export function failureDetails(failed: Failure): Record<string, unknown> {
  return {
    error: failed.message,
    code: failed.code,
    ...(failed.objectKey === undefined ? {} : { object_key: failed.objectKey }),
    ...(failed.log === undefined ? {} : { log: failed.log }),
    ...(failed.exitCode === undefined ? {} : { exit_code: failed.exitCode }),
  };
}
