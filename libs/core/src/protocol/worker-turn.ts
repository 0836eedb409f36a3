/** A turn: what a worker would say with several requests, said with one. */
import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
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
import type { ErrorCode } from '../errors/codes.js';
import type { TokenAnswer } from './token-messages.js';
import { HeldAssignment, type Assignment, type HeartbeatAnswer, type StatusAnswer } from './worker-protocol.js';

/** Most reports and most assignments of one turn. */
export const mostInTurn = 1024;

/** What became of one attempt: the same as a status, of an assignment that is named. */
export class TurnReport {
  /** `waiting`, `processing`, `completed`, `published`, `failed` or `released`. */
  @IsString() @Length(1, 100) status!: string;
  @IsString() @MaxLength(100) assignment_id!: string;
  @IsOptional() @IsInt() @Min(1) fence?: number;
  @IsOptional() @IsObject() details?: Record<string, unknown>;
  /** The span of this report in the trace of its task. */
  @IsOptional() @IsString() @MaxLength(100) traceparent?: string;
}

export class TurnRequest {
  /** Judged in this order, each for itself. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(mostInTurn)
  @ValidateNested({ each: true })
  @Type(() => TurnReport)
  reports?: TurnReport[];
  /** Leases to renew, as with a heartbeat. One that was given with a turn and is named here is acknowledged. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(4096)
  @ValidateNested({ each: true })
  @Type(() => HeldAssignment)
  assignments?: HeldAssignment[];
  @IsOptional() @IsObject() stats?: Record<string, unknown>;
  /** How many more tasks the worker wants; none where nothing is said. */
  @IsOptional() @IsInt() @Min(0) @Max(mostInTurn) max?: number;
  /** Longest time to wait for one, in seconds. A turn with reports does not wait: its verdicts are wanted. */
  @IsOptional() @IsNumber() @Min(0) @Max(60) wait?: number;
  /** Sent again, the turn gets the same verdicts and the same assignments, and changes nothing. */
  @IsOptional() @IsString() @Length(1, 100) request_id?: string;
}

/** What a report would have been answered alone. */
export type TurnVerdict = StatusAnswer | TurnRefusal;

export interface TurnRefusal {
  refused: ErrorCode;
  message: string;
  remedy?: string;
}

export function isRefusal(verdict: TurnVerdict): verdict is TurnRefusal {
  return 'refused' in verdict;
}

export interface TurnAnswer extends TokenAnswer {
  /** One for each report, in the same order. */
  verdicts: TurnVerdict[];
  /** As with a heartbeat, of the leases to renew. */
  orders: HeartbeatAnswer['orders'];
  drain?: true;
  /**
   * Work, at most as much as was wanted. It counts as received once a later turn or heartbeat names it, it is reported, or it is
   * acknowledged; what is not is given again.
   */
  assignments: Assignment[];
  /** Why the worker should end: nothing is left to do, or it was drained. */
  shutdown?: string;
}
