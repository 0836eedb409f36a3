/** A report of a worker about one lease, and the answers to it. */
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
}

export const acknowledged: StatusAnswer = { message: 'acknowledged' };
export const recorded: StatusAnswer = { message: 'recorded' };
