/** A report of a worker about one lease, and the answers to it. */
import type { ErrorCode, Job, LongshoreError, Task, TaskChange } from '@longshore/core';
import type { StatusAnswer } from '@longshore/core/protocol';
import type { Stamp } from '../requests/answers.js';

/** A lease as the caller claims to hold it. */
export interface HeldBy {
  taskId: string;
  workerId: string;
  fence: number;
}

export interface LeaseReport extends HeldBy {
  stamp: Stamp;
  /** How long the worker says that it worked on the task. */
  workedMs?: number | undefined;
}

/** What a report asks for: to be decided within a transaction, of its own or of a whole turn. */
export interface LeaseDecision {
  taskId: string;
  now: number;
  decide: (task: Task, job: Job) => TaskChange;
  /** Called once it is on disk. @throws LongshoreError for what was recorded and is refused all the same */
  settled: (task: Task) => StatusAnswer;
}

export const acknowledged: StatusAnswer = { message: 'acknowledged' };
export const recorded: StatusAnswer = { message: 'recorded' };

const gone: readonly ErrorCode[] = ['stale-fence', 'transition-refused', 'task-not-found'];

/** True where a renewal is refused because the lease is gone: its worker stops and throws the work away. */
export function isLeaseGone({ code }: LongshoreError): boolean {
  return gone.includes(code);
}
