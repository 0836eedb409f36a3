/** What a worker does in one turn, as a store carries it out: several changes, each for itself, and then a lease. */
import type { LongshoreError } from '../errors/longshore-error.js';
import type { Job } from '../words/job.js';
import type { Receipt } from '../words/receipt.js';
import type { Task } from '../words/task.js';
import type { Worker } from '../words/worker.js';
import type { LeaseQuery, TaskChange } from './store-exchange.js';

export interface WorkerTurn {
  workerId: string;
  now: number;
  /** In this order; each sees what those before it have made. What one decision throws undoes nothing but itself. */
  changes: readonly { taskId: string; decide: (task: Task, job: Job) => TaskChange }[];
  /** Of the tasks that the worker holds, after the changes, those that it is given again; they count towards the limit. */
  again?: (task: Task) => boolean;
  /** Left out where nothing is wanted. */
  lease?: {
    query: Pick<LeaseQuery, 'plugins' | 'limit' | 'fit'>;
    /** Nothing new is leased to a worker of which this is true. */
    unless?: (worker: Worker) => boolean;
    grant: (task: Task) => Task;
  };
  /** What becomes of the worker; undefined where nothing does. */
  worker?: (worker: Worker, given: readonly GivenTask[]) => Worker | undefined;
  /** Told the outcome just before it is stored; makes the answer to the request, which is stored with it. */
  settled?: (outcome: TurnOutcome) => Receipt | undefined;
  /** Of the request, which is refused where it was answered before. */
  requestId?: string | undefined;
}

export interface GivenTask {
  task: Task;
  job: Job;
}

export interface TurnOutcome {
  /** One for each change: the task as it is now, or why it was refused. */
  changed: (Task | LongshoreError)[];
  /** Given again, and leased. */
  given: GivenTask[];
  worker: Worker;
}
