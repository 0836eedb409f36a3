/** The embedded store: one SQLite file, nothing to install, every answer on disk before it is given. */
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  JobStore,
  LongshoreError,
  newTaskRecord,
  refuseEnded,
  requestRepeated,
  workerUnknown,
  type AccessToken,
  type Attempt,
  type GivenTask,
  type Hastened,
  type Job,
  type JobChange,
  type JobGroup,
  type JobState,
  type LeaseQuery,
  type NewJob,
  type OutputClaim,
  type Page,
  type PageRequest,
  type Receipt,
  type RecordChange,
  type ScanStep,
  type StoreRecord,
  type Task,
  type TaskChange,
  type TaskState,
  type TokenChange,
  type TurnOutcome,
  type Worker,
  type WorkerTurn,
} from '@longshore/core';
import { openEpoch } from './epoch.js';
import { GroupCommit } from './group-commit.js';
import { JobRows } from './job-rows.js';
import { openDatabase } from './open-database.js';
import { forgetOwner, nameOwner } from './owner.js';
import { rewriteVersion } from './schema.js';
import { damage } from './row-shapes.js';
import { ReceiptRows } from './receipt-rows.js';
import { SqliteInsight } from './sqlite-insight.js';
import { SqliteOutbox } from './sqlite-outbox.js';
import { ClaimRows, RecordRows } from './side-rows.js';
import { copyState } from './state-files.js';
import { TaskChanges } from './task-changes.js';
import { TallyRows } from './tally-rows.js';
import { TaskRows } from './task-rows.js';
import { TokenRows } from './token-rows.js';
import { WorkerRows } from './worker-rows.js';

export class SqliteJobStore extends JobStore {
  readonly insight: SqliteInsight;
  readonly outbox: SqliteOutbox;
  private readonly database: DatabaseSync;
  private readonly commits: GroupCommit;
  private readonly jobs: JobRows;
  private readonly tasks: TaskRows;
  private readonly workers: WorkerRows;
  private readonly claims: ClaimRows;
  private readonly records: RecordRows;
  private readonly receipts: ReceiptRows;
  private readonly tokens: TokenRows;
  private readonly tallies: TallyRows;
  private readonly changes: TaskChanges;
  private readonly epoch: number;

  /**
   * @param onFatal told once, when the disk has failed and the process has to end
   * @throws LongshoreError `state-in-use`, `state-damaged` or `invalid-configuration`
   */
  constructor(
    private readonly path: string,
    onFatal?: (error: LongshoreError) => void,
  ) {
    super();
    this.database = openDatabase(path);
    this.commits = new GroupCommit(this.database, onFatal, {
      flush: () => this.flush(),
      undo: () => this.undo(),
      forget: () => this.forget(),
    });
    this.jobs = new JobRows(this.database);
    this.tasks = new TaskRows(this.database, (jobId, error) => this.failDamaged(jobId, error));
    this.workers = new WorkerRows(this.database);
    this.claims = new ClaimRows(this.database);
    this.outbox = new SqliteOutbox(this.database, this.commits);
    this.records = new RecordRows(this.database);
    this.receipts = new ReceiptRows(this.database);
    this.tokens = new TokenRows(this.database);
    this.tallies = new TallyRows(this.database);
    const { jobs, tasks, workers, tallies, receipts, outbox } = this;
    this.changes = new TaskChanges(this.database, { jobs, tasks, tallies, receipts, outbox });
    this.insight = new SqliteInsight(this.database, { jobs, tasks, workers });
    this.epoch = openEpoch(this.database, { tasks: this.tasks, jobs: this.jobs, tokens: this.tokens }, Date.now());
  }

  createJob(job: NewJob): Promise<Job> {
    return this.commits.run(() => this.jobs.create(job));
  }

  async findJob(id: string): Promise<Job | undefined> {
    return this.jobs.find(id);
  }

  async groupsOf(jobId: string): Promise<JobGroup[]> {
    return this.jobs.groupsOf(jobId);
  }

  async listJobs(page: PageRequest): Promise<Page<Job>> {
    return this.jobs.list(page);
  }

  async jobsIn(states: readonly JobState[]): Promise<Job[]> {
    return this.jobs.inStates(states);
  }

  changeJob(id: string, decide: (job: Job) => JobChange): Promise<Job> {
    return this.commits.run(() => {
      const { job, tell, receipt } = decide(this.jobs.get(id));
      this.receipts.keep(receipt);
      this.jobs.save(job);
      this.changes.told(id, tell);
      return job;
    });
  }

  recordScan(jobId: string, step: ScanStep, now: number): Promise<Job> {
    return this.commits.run(() => {
      const job = this.jobs.get(jobId);
      refuseEnded(job);
      for (const task of step.tasks) this.changes.create(newTaskRecord(job, task, now), now);
      this.jobs.save({
        ...job,
        scan: step.done ? 'done' : 'running',
        objectsListed: step.objectsListed,
        objectsSkipped: step.objectsSkipped,
        ...(step.objectsDoneBefore !== undefined && { objectsDoneBefore: step.objectsDoneBefore }),
        ...(step.scannedTo !== undefined && { scannedTo: step.scannedTo }),
      });
      return this.jobs.find(jobId)!;
    });
  }

  claimOutputs(jobId: string, claims: readonly OutputClaim[]): Promise<(OutputClaim & { owner: string })[]> {
    return this.commits.run(() =>
      claims
        .map((claim) => ({ ...claim, owner: this.claims.claim(jobId, claim) }))
        .filter(({ owner, objectKey }) => owner !== objectKey),
    );
  }

  async hasClaims(jobId: string): Promise<boolean> {
    return this.claims.exist(jobId);
  }

  async findTask(id: string): Promise<Task | undefined> {
    return this.tasks.find(id);
  }

  async listTasks(jobId: string, page: PageRequest & { states?: readonly TaskState[] }): Promise<Page<Task>> {
    // Whoever goes through a whole job asks page after page, and nobody else would have a turn in between.
    await nextTurn();
    return this.tasks.list(jobId, page);
  }

  async listAttempts(taskId: string): Promise<Attempt[]> {
    return this.tasks.listAttempts(taskId);
  }

  async findAttempt(taskId: string, number: number): Promise<Attempt | undefined> {
    return this.tasks.findAttempt(taskId, number);
  }

  leaseTasks(query: LeaseQuery, grant: (task: Task) => Task): Promise<Task[]> {
    return this.commits.run(() => this.changes.lease(query, grant, this.epoch).map(({ task }) => task));
  }

  takeTurn(turn: WorkerTurn): Promise<TurnOutcome> {
    return this.commits.run(() => {
      const { workerId, now, requestId, lease, again } = turn;
      const found = this.workers.find(workerId);
      if (!found) throw workerUnknown(workerId);
      const answered = requestId === undefined ? undefined : this.receipts.find(requestId);
      if (answered) throw requestRepeated(answered);
      const changed = this.changes.eachOf(turn);
      const given: GivenTask[] = [];
      if (lease) {
        const { limit } = lease.query;
        const held = again ? this.tasks.heldTasks(workerId).filter(again).slice(0, limit) : [];
        given.push(...held.map((task) => ({ task, job: this.jobs.get(task.jobId) })));
        const more = lease.unless?.(found) ? 0 : limit - held.length;
        if (more > 0) given.push(...this.changes.lease({ ...lease.query, now, limit: more }, lease.grant, this.epoch));
      }
      const worker = turn.worker?.(found, given);
      if (worker) this.workers.save(worker);
      const outcome = { changed, given, worker: worker ?? found };
      this.receipts.keep(turn.settled?.(outcome));
      return outcome;
    });
  }

  async nextAvailableAt(plugins: readonly string[], now: number): Promise<number | undefined> {
    const waiting = this.jobs
      .running()
      .filter(({ spec, counts }) => plugins.includes(spec.plugin) && counts.tasks.available > 0);
    const times = waiting.map(({ id }) => this.tasks.nextAvailableAt(id, now)).filter((at) => at !== undefined);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  async heldTasks(workerId?: string): Promise<Task[]> {
    return this.tasks.heldTasks(workerId);
  }

  changeTask(id: string, decide: (task: Task, job: Job) => TaskChange, now: number): Promise<Task> {
    return this.commits.run(() => this.changes.change(id, decide, now));
  }

  changeTasks(ids: readonly string[], decide: (task: Task, job: Job) => TaskChange, now: number): Promise<Task[]> {
    return this.commits.run(() => ids.map((id) => this.changes.change(id, decide, now)));
  }

  hastenTasks(jobId: string, wish: Hastened): Promise<number> {
    return this.commits.run(() => this.tasks.hasten(jobId, wish, (receipt) => this.receipts.keep(receipt)));
  }

  saveWorker(worker: Worker, receipt?: Receipt): Promise<void> {
    return this.commits.run(() => {
      this.receipts.keep(receipt);
      this.workers.save(worker);
    });
  }

  changeWorker(id: string, decide: (worker: Worker) => Worker, receipt?: Receipt): Promise<Worker> {
    return this.commits.run(() => {
      const found = this.workers.find(id);
      if (!found) throw workerUnknown(id);
      const worker = decide(found);
      this.receipts.keep(receipt);
      this.workers.save(worker);
      return worker;
    });
  }

  /** The latest time at which anything was answered; 0 for a new file. */
  get latestTime(): number {
    return this.receipts.latest();
  }

  async findReceipt(requestId: string): Promise<Receipt | undefined> {
    return this.receipts.find(requestId);
  }

  forgetReceipts(before: number, limit: number): Promise<number> {
    return this.commits.run(() => this.receipts.forget(before, limit));
  }

  async findWorker(id: string): Promise<Worker | undefined> {
    return this.workers.find(id);
  }

  async listWorkers(): Promise<Worker[]> {
    return this.workers.list();
  }

  saveToken(token: AccessToken): Promise<void> {
    return this.commits.run(() => this.tokens.save(token));
  }

  async findToken(hash: string): Promise<AccessToken | undefined> {
    return this.tokens.find(hash);
  }

  async listTokens(page: PageRequest): Promise<Page<AccessToken>> {
    return this.tokens.list(page);
  }

  changeToken(id: string, decide: (token: AccessToken) => TokenChange): Promise<AccessToken> {
    return this.commits.run(() => {
      const { token, created, worker, receipt } = decide(this.tokens.get(id));
      this.receipts.keep(receipt);
      this.tokens.save(token);
      if (created) this.tokens.save(created);
      if (worker) this.workers.save(worker);
      return token;
    });
  }

  revokeToken(id: string, now: number): Promise<AccessToken[]> {
    return this.commits.run(() => this.tokens.revoke(id, now));
  }

  async findRecord(name: string): Promise<StoreRecord | undefined> {
    return this.records.find(name);
  }

  changeRecord<T extends StoreRecord>(
    name: string,
    decide: (record: StoreRecord | undefined) => RecordChange<T>,
  ): Promise<T> {
    return this.commits.run(() => {
      const { record, notices = [] } = decide(this.records.find(name));
      this.records.save(name, record);
      this.outbox.add(notices);
      return record;
    });
  }

  /** Tells whoever is refused where the holder of the file serves. */
  servesAt(url: string): void {
    nameOwner(this.path, url);
  }

  /** Everything committed so far, in a new file. */
  async copyTo(target: string): Promise<void> {
    copyState(this.database, target);
  }

  probe(): Promise<void> {
    return this.commits.run(() => rewriteVersion(this.database));
  }

  async close(): Promise<void> {
    await this.commits.run(() => undefined).catch(() => undefined);
    forgetOwner(this.path);
    this.database.close();
  }

  private flush(): void {
    for (const rows of [this.jobs, this.tallies, this.tasks, this.workers]) rows.flush();
  }

  private undo(): void {
    for (const rows of [this.jobs, this.tallies]) rows.forget();
    for (const rows of [this.tasks, this.workers]) rows.undo();
  }

  private forget(): void {
    for (const rows of [this.jobs, this.tasks, this.tallies, this.workers]) rows.forget();
  }

  /** A job that holds a task nobody can read can never be done; the rest of it is not begun. */
  private failDamaged(jobId: string, error: LongshoreError): void {
    this.commits
      .run(() => this.jobs.fail(jobId, damage(error)))
      .catch((thrown: unknown) => {
        if (thrown instanceof LongshoreError && thrown.code === 'disk-full') this.tasks.forgetDamage();
      });
  }
}
