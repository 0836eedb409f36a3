/** One try at a task, numbered from 1 within the task. */
import type { Failure } from './failure.js';

export type AttemptOutcome = 'running' | 'completed' | 'failed' | 'released' | 'expired';

export interface Attempt {
  taskId: string;
  /** The number of the attempt is its fence: every lease is one try. */
  number: number;
  workerId: string;
  outcome: AttemptOutcome;
  startedAt: number;
  endedAt?: number;
  failure?: Failure;
}
