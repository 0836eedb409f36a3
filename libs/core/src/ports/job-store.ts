/** The durable state of Longshore: jobs, tasks, attempts, workers, tokens and the outbox. */
import type { AccessToken } from '../access/access-token.js';
import { LongshoreError } from '../errors/longshore-error.js';
import type { JobGroup } from '../groups/job-group.js';
import type { Attempt } from '../words/attempt.js';
import type { Job, JobState } from '../words/job.js';
import type { Task, TaskState } from '../words/task.js';
import type { Receipt } from '../words/receipt.js';
import type { Worker } from '../words/worker.js';
import type { JobInsight } from './job-insight.js';
import type { Outbox } from './outbox.js';
import type {
  Hastened,
  JobChange,
  LeaseQuery,
  NewJob,
  OutputClaim,
  Page,
  PageRequest,
  RecordChange,
  ScanStep,
  StoreRecord,
  TaskChange,
  TokenChange,
} from './store-exchange.js';
import type { TurnOutcome, WorkerTurn } from './worker-turn.js';

/** What a store throws, with nothing changed, when it holds the answer to a request already. */
export function requestRepeated({ requestId }: Receipt): LongshoreError {
  return new LongshoreError('request-repeated', `The request ${requestId} was answered before.`);
}

export function workerUnknown(id: string): LongshoreError {
  return new LongshoreError('worker-unknown', `There is no worker ${id} here.`, { remedy: 'Register again.' });
}

/**
 * Called by every feature of the orchestrator. A method that changes something has it on disk before its promise resolves, whole or not at
 * all. Decisions are not the store's: methods that take a function load, let it decide, and store, in one transaction; the function
 * is pure and may be called more than once.
 */
export abstract class JobStore {
  /** Lists and numbers for people. */
  abstract readonly insight: JobInsight;

  /** What changes have put there for people to be told. */
  abstract readonly outbox: Outbox;

  /** Stores a pending job, or gives back the one that has its idempotency key already. */
  abstract createJob(job: NewJob): Promise<Job>;

  abstract findJob(id: string): Promise<Job | undefined>;

  /** The groups it was submitted with, in their order; none where it lists none. */
  abstract groupsOf(jobId: string): Promise<JobGroup[]>;

  /** Newest first. */
  abstract listJobs(page: PageRequest): Promise<Page<Job>>;

  /** Every job in one of these states, oldest first. Few at any time; ended jobs are asked for by page. */
  abstract jobsIn(states: readonly JobState[]): Promise<Job[]>;

  /**
   * Stores what `decide` makes of the job, and puts what people are told into the outbox.
   *
   * @throws LongshoreError `job-not-found`, or `request-repeated` when the request of the receipt was answered before
   */
  abstract changeJob(id: string, decide: (job: Job) => JobChange): Promise<Job>;

  /**
   * Stores a step of the listing: its tasks and how far it has come. Tasks with a refusal start dead, carried ones
   * completed.
   *
   * @throws LongshoreError `job-not-found`, or `transition-refused` for a job that has ended
   */
  abstract recordScan(jobId: string, step: ScanStep, now: number): Promise<Job>;

  /**
   * Records who writes which output, and gives back the claims that lose because another object owns the name: the owner is named instead of
   * the loser. The same claim again is no loss.
   */
  abstract claimOutputs(jobId: string, claims: readonly OutputClaim[]): Promise<(OutputClaim & { owner: string })[]>;

  /** True when any output of the job was claimed. */
  abstract hasClaims(jobId: string): Promise<boolean>;

  abstract findTask(id: string): Promise<Task | undefined>;

  /** By position. */
  abstract listTasks(jobId: string, page: PageRequest & { states?: readonly TaskState[] }): Promise<Page<Task>>;

  /** By number, without their logs. */
  abstract listAttempts(taskId: string): Promise<Attempt[]>;

  /** One attempt, with its log. */
  abstract findAttempt(taskId: string, number: number): Promise<Attempt | undefined>;

  /**
   * Leases available tasks of running jobs, oldest job first, by position: stores what `grant` makes of each and opens its attempt.
   * Never gives one task to two callers.
   */
  abstract leaseTasks(query: LeaseQuery, grant: (task: Task) => Task): Promise<Task[]>;

  /** Every task that is leased or accepted, of one worker or of all. */
  abstract heldTasks(workerId?: string): Promise<Task[]>;

  /**
   * Stores what `decide` makes of the task: its new state, the end of its attempt, its parts; and puts what people are told into the outbox. A
   * fence that has risen opens an attempt. What `decide` throws passes through and nothing is changed.
   *
   * @throws LongshoreError `task-not-found`, or `request-repeated` when the request of the receipt was answered before
   */
  abstract changeTask(id: string, decide: (task: Task, job: Job) => TaskChange, now: number): Promise<Task>;

  /** The same for several tasks in one transaction: all of it or nothing. */
  abstract changeTasks(
    ids: readonly string[],
    decide: (task: Task, job: Job) => TaskChange,
    now: number,
  ): Promise<Task[]>;

  /**
   * One turn of a worker in one transaction. A task that is not there is refused like any other change.
   *
   * @throws LongshoreError `worker-unknown`, or `request-repeated` when the request of the receipt was answered before; nothing is changed then
   */
  abstract takeTurn(turn: WorkerTurn): Promise<TurnOutcome>;

  /** When the first task of a running job of these plugins that has to wait now may be leased. */
  abstract nextAvailableAt(plugins: readonly string[], now: number): Promise<number | undefined>;

  /**
   * Ends the delay of the available tasks of a job that wait for a time after `now`: of all, or of one. Says how many those were. It is one
   * transaction, and however many they are none of them is held in memory; a million took 3.3 s on two cores.
   *
   * @throws LongshoreError `request-repeated` when the request of the receipt was answered before
   */
  abstract hastenTasks(jobId: string, which: Hastened): Promise<number>;

  /**
   * Stores a new worker, or all that is known of it now.
   *
   * @throws LongshoreError `request-repeated` when the request of the receipt was answered before
   */
  abstract saveWorker(worker: Worker, receipt?: Receipt): Promise<void>;

  /**
   * Stores what `decide` makes of the worker as it is now.
   *
   * @throws LongshoreError `worker-unknown`, or `request-repeated` when the request of the receipt was answered before
   */
  abstract changeWorker(id: string, decide: (worker: Worker) => Worker, receipt?: Receipt): Promise<Worker>;

  abstract findReceipt(requestId: string): Promise<Receipt | undefined>;

  /** Forgets the answers given before a time, at most so many, and says how many they were. */
  abstract forgetReceipts(before: number, limit: number): Promise<number>;

  abstract findWorker(id: string): Promise<Worker | undefined>;

  /** Newest first. */
  abstract listWorkers(): Promise<Worker[]>;

  /** Stores a new token. */
  abstract saveToken(token: AccessToken): Promise<void>;

  /** The token that has a secret with this hash, whatever has become of it. */
  abstract findToken(hash: string): Promise<AccessToken | undefined>;

  /** Newest first. */
  abstract listTokens(page: PageRequest): Promise<Page<AccessToken>>;

  /**
   * Stores what `decide` makes of the token, and with it what was handed out for it. What `decide` throws passes through and nothing is
   * changed.
   *
   * @throws LongshoreError `token-not-found`, or `request-repeated` when the request of the receipt was answered before
   */
  abstract changeToken(id: string, decide: (token: AccessToken) => TokenChange): Promise<AccessToken>;

  /**
   * Revokes a token and all that were handed out for it, and gives back those that this has ended, the token itself first.
   *
   * @throws LongshoreError `token-not-found`
   */
  abstract revokeToken(id: string, now: number): Promise<AccessToken[]>;

  /** What was remembered under this name; undefined when nothing was, or when it cannot be read any more. */
  abstract findRecord(name: string): Promise<StoreRecord | undefined>;

  /** Stores what `decide` makes of the record, and puts what people are told into the outbox. */
  abstract changeRecord<T extends StoreRecord>(
    name: string,
    decide: (record: StoreRecord | undefined) => RecordChange<T>,
  ): Promise<T>;

  /**
   * Resolves when something could be written just now.
   *
   * @throws LongshoreError `disk-full`, or `storage-failed`
   */
  abstract probe(): Promise<void>;

  /** Releases the file or the connections. The store is not used afterwards. */
  abstract close(): Promise<void>;
}
