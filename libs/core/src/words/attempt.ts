/** One try at a task, numbered from 1 within the task. */
import type { Failure } from './failure.js';

export type AttemptOutcome = 'running' | 'completed' | 'failed' | 'released' | 'expired' | 'overtaken' | 'cancelled';

export interface Attempt {
  taskId: string;
  /** The number of the attempt is its fence: every lease is one try. */
  number: number;
  workerId: string;
  outcome: AttemptOutcome;
  startedAt: number;
  endedAt?: number;
  failure?: Failure;
  /** Exit code of the command, where it ended by itself. */
  exitCode?: number;
  /** Time the command ran, in milliseconds. */
  durationMs?: number;
  /** What the container printed, bounded: the first and the last part of a long output. Given only where one attempt is asked for. */
  log?: string;
}

/** What is recorded when an attempt ends. */
export type AttemptEnding = Pick<Attempt, 'outcome' | 'failure' | 'exitCode' | 'durationMs' | 'log'>;
