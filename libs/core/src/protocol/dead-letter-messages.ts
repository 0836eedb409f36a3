/** Dead letters and failures, grouped by their cause. */
import 'reflect-metadata';
import { IsOptional, IsString, Length } from 'class-validator';
import type { ErrorCode, FailureClass } from '../errors/codes.js';
import type { FailureGroup } from '../ports/job-insight.js';
import { isoTime } from './iso-time.js';
import { PageQuery } from './job-messages.js';

export class DeadLetterQuery extends PageQuery {
  /** The id of a group of failures. */
  @IsOptional() @IsString() @Length(1, 100) group?: string;
}

/** Failures of one cause: one code, and messages that differ in names and numbers alone. */
export interface FailureGroupAnswer {
  id: string;
  class: FailureClass;
  code: ErrorCode;
  /** The message; what differs from one to the next is `…`. */
  pattern: string;
  /** Attempts that ended so, since the job began. */
  failed_attempts: number;
  /** Dead letters of this cause, now. */
  dead_tasks: number;
  dead_objects: number;
  first_at: string;
  last_at: string;
  /** The last task that met it. */
  example_task_id: string;
  /** The message of that time, whole. */
  example: string;
}

export function failureGroupAnswer(group: FailureGroup): FailureGroupAnswer {
  return {
    id: group.id,
    class: group.class,
    code: group.code,
    pattern: group.pattern,
    failed_attempts: group.attempts,
    dead_tasks: group.tasks,
    dead_objects: group.objects,
    first_at: isoTime(group.firstAt),
    last_at: isoTime(group.lastAt),
    example_task_id: group.exampleTaskId,
    example: group.example,
  };
}
