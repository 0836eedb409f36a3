/** What workers that come from elsewhere say about one task, in the words of system 001. */
import 'reflect-metadata';
import { IsInt, IsNumber, IsObject, IsOptional, IsString, Length, MaxLength, Min } from 'class-validator';
import type { Assignment } from './worker-protocol.js';

class OutsideRequest {
  /** For an admin, who speaks for a worker; a worker speaks for itself. */
  @IsOptional() @IsString() @Length(1, 100) worker_id?: string;
  @IsOptional() @IsString() @Length(1, 100) request_id?: string;
}

/** Leases an available task to the worker; said again, it renews the lease. */
export class TaskRunningRequest extends OutsideRequest {}

class OutsideReport extends OutsideRequest {
  /** As the answer to `running` told it: it says which attempt is meant. */
  @IsInt() @Min(1) fence!: number;
}

export class TaskCompleteRequest extends OutsideReport {
  /** What was staged, as the worker protocol describes it. Published outputs are reported by `completed` with `published: true`. */
  @IsOptional() @IsObject() manifest?: Record<string, unknown>;
  @IsOptional() @IsObject() result?: Record<string, unknown>;
  @IsOptional() @IsNumber() @Min(0) processing_time_seconds?: number;
  @IsOptional() @IsString() @MaxLength(4_000) error_message?: string;
}

export class TaskFailedRequest extends OutsideReport {
  @IsOptional() @IsString() @MaxLength(4_000) error_message?: string;
  /** An error code of ours; `command-failed` where none is given. */
  @IsOptional() @IsString() @Length(1, 100) code?: string;
  /** What the work printed, or its last part. */
  @IsOptional() @IsString() @MaxLength(16_384) log?: string;
  @IsOptional() @IsInt() exit_code?: number;
}

export interface TaskRunningAnswer {
  message: string;
  assignment: Assignment;
}
