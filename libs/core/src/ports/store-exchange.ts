/** What a store is given, and what it gives back. Plain data and pure functions. */
import type { AccessToken } from '../access/access-token.js';
import type { JobGroup } from '../groups/job-group.js';
import type { JobMoment } from '../news/job-news.js';
import type { Notice } from '../news/news.js';
import type { AttemptEnding } from '../words/attempt.js';
import type { Job, JobSpec } from '../words/job.js';
import type { Receipt } from '../words/receipt.js';
import type { NewTask, Task } from '../words/task.js';
import type { Worker } from '../words/worker.js';

export interface NewJob {
  id: string;
  spec: JobSpec;
  createdAt: number;
  /** Of a job that lists its groups. */
  groups?: readonly JobGroup[];
  /** A job submitted again with the same key is the same job. */
  idempotencyKey?: string;
}

export interface Page<T> {
  items: T[];
  /** Give this to ask for the next page; absent on the last one. */
  next?: string;
}

export interface PageRequest {
  /** 1 to 500. */
  limit: number;
  after?: string;
}

/** One commit of the planner. */
export interface ScanStep {
  tasks: NewTask[];
  /** Taken up again after this key if the planner dies now; undefined leaves it where it was. */
  scannedTo?: string;
  objectsListed: number;
  objectsSkipped: number;
  /** Where any were looked for. */
  objectsDoneBefore?: number;
  done: boolean;
}

export interface OutputClaim {
  /** Name below the output prefix. */
  name: string;
  /** Key of the object that writes it. */
  objectKey: string;
}

export interface TaskChange {
  task: Task;
  /** How the running attempt ended, or, as `running`, what is known of it already. */
  attempt?: AttemptEnding;
  /** Tasks that take the place of this one. One that is held already has its first attempt opened with it. */
  parts?: Task[];
  /** The job, where the change reaches it. */
  job?: Job;
  tell?: Tell | undefined;
  /** The answer to the request that asked for the change. */
  receipt?: Receipt | undefined;
}

/** What people are told of a change: asked in the same transaction, with the job as the change has left it. Pure, as the decision is. */
export type Tell = (moment: JobMoment) => Notice[];

export interface JobChange {
  job: Job;
  tell?: Tell | undefined;
  receipt?: Receipt | undefined;
}

/** What one feature remembers of itself: small, plain data that survives a trip through JSON. */
export type StoreRecord = Readonly<Record<string, unknown>>;

export interface RecordChange<T extends StoreRecord = StoreRecord> {
  record: T;
  notices?: Notice[];
}

export interface TokenChange {
  token: AccessToken;
  /** A token that was handed out for this one. */
  created?: AccessToken;
  /** The worker that came in with it. */
  worker?: Worker;
  receipt?: Receipt | undefined;
}

export interface LeaseQuery {
  /** Plugins the worker can run. */
  plugins: readonly string[];
  now: number;
  limit: number;
  /** This task and no other. */
  taskId?: string | undefined;
  /** For a worker that cannot do everything. */
  fit?: LeaseFit | undefined;
}

/** Which jobs and tasks a worker can do. Of each job so many available tasks are asked about; what stands behind them waits until they are gone. */
export interface LeaseFit {
  job: (job: Job) => boolean;
  task: (task: Task, job: Job) => boolean;
}

export const fitLookedAt = 1_000;

export interface Hastened {
  now: number;
  /** This task and no other. */
  taskId?: string | undefined;
  /** Makes the answer to the request of how many they were. */
  receipt?: ((tasks: number) => Receipt | undefined) | undefined;
}
