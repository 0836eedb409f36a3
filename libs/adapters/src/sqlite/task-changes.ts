/** What becomes of tasks, with all that is kept beside them: attempts, totals, running numbers, news. Called within a transaction. */
import type { DatabaseSync } from 'node:sqlite';
import {
  fitLookedAt,
  inEpoch,
  isAdaptive,
  LongshoreError,
  mostDeadNamed,
  tallyOf,
  type GivenTask,
  type Job,
  type LeaseQuery,
  type Task,
  type TaskChange,
  type Tell,
  type WorkerTurn,
} from '@longshore/core';
import { CuttingRows, type CutWish } from './cutting-rows.js';
import type { JobRows } from './job-rows.js';
import type { ReceiptRows } from './receipt-rows.js';
import type { SqliteOutbox } from './sqlite-outbox.js';
import type { TallyRows } from './tally-rows.js';
import type { TaskRows } from './task-rows.js';

export interface ChangedRows {
  jobs: JobRows;
  tasks: TaskRows;
  tallies: TallyRows;
  receipts: ReceiptRows;
  outbox: SqliteOutbox;
}

export class TaskChanges {
  private readonly cutting: CuttingRows;

  constructor(
    database: DatabaseSync,
    private readonly rows: ChangedRows,
  ) {
    this.cutting = new CuttingRows(database, rows, (task, now) => this.create(task, now));
  }

  change(id: string, decide: (task: Task, job: Job) => TaskChange, now: number): Task {
    const before = this.rows.tasks.get(id);
    return this.store(before, decide(before, this.rows.jobs.get(before.jobId)), now);
  }

  create(task: Task, now: number): void {
    const { tasks, jobs, tallies } = this.rows;
    tasks.create(task);
    this.cutting.mark(task);
    jobs.recount(task, undefined);
    tallies.count(task, tallyOf(undefined, task, undefined, now), now);
  }

  told(jobId: string, tell: Tell | undefined): void {
    if (!tell) return;
    const { tasks, jobs, outbox } = this.rows;
    const { items: dead } = tasks.list(jobId, { limit: mostDeadNamed, states: ['dead'] });
    outbox.add(tell({ job: jobs.get(jobId), dead }));
  }

  /** @param epoch in which the fences begin */
  lease({ plugins, now, limit, taskId, fit }: LeaseQuery, grant: (task: Task) => Task, epoch: number): GivenTask[] {
    const { tasks, jobs } = this.rows;
    const leased: GivenTask[] = [];
    const named = taskId === undefined ? undefined : tasks.find(taskId);
    if (taskId !== undefined && (named?.state !== 'available' || named.availableAt > now)) return leased;
    for (const job of jobs.running()) {
      if (leased.length >= limit) break;
      if (job.counts.tasks.available === 0 || !plugins.includes(job.spec.plugin)) continue;
      if (fit?.job(job) === false || (named && named.jobId !== job.id)) continue;
      const wanted = limit - leased.length;
      for (const task of this.available(job, { now, wanted, named, fit })) {
        leased.push({ task: this.leaseOne(task, grant(inEpoch(task, epoch)), now), job });
      }
    }
    return leased;
  }

  /** Each for itself: what a decision throws is thrown before anything of it is stored. */
  eachOf({ changes, now }: WorkerTurn): (Task | LongshoreError)[] {
    return changes.map(({ taskId, decide }) => {
      let before: Task;
      let change: TaskChange;
      try {
        before = this.rows.tasks.get(taskId);
        change = decide(before, this.rows.jobs.get(before.jobId));
      } catch (thrown) {
        if (thrown instanceof LongshoreError) return thrown;
        throw thrown;
      }
      return this.store(before, change, now);
    });
  }

  private available(job: Job, wish: CutWish): Task[] {
    if (isAdaptive(job.spec.batching)) return this.cutting.cut(job, wish);
    const { named, now, fit, wanted } = wish;
    const found = named ? [named] : this.rows.tasks.availableOf(job.id, now, fit ? fitLookedAt : wanted);
    return found.filter((task) => fit?.task(task, job) ?? true).slice(0, wanted);
  }

  private store(before: Task, change: TaskChange, now: number): Task {
    const { tasks, jobs, tallies, receipts } = this.rows;
    const { task, attempt, parts = [], job, tell, receipt } = change;
    receipts.keep(receipt);
    const isHandedOn = task.fence !== before.fence || !task.lease;
    if (attempt) tasks.recordAttempt(before, attempt, now, task);
    else if (before.lease && isHandedOn) tasks.recordAttempt(before, { outcome: 'running' }, now);
    tasks.save(task, before);
    jobs.recount(task, before.state);
    if (job) jobs.save(job);
    if (task.fence > before.fence) tasks.openAttempt(task, now);
    tallies.count(task, tallyOf(before, task, attempt, now), now);
    for (const part of parts) {
      this.create(part, now);
      if (part.lease) tasks.openAttempt(part, now);
    }
    this.told(task.jobId, tell);
    return task;
  }

  private leaseOne(before: Task, task: Task, now: number): Task {
    const { tasks, jobs } = this.rows;
    tasks.save(task, before);
    jobs.recount(task, before.state);
    tasks.openAttempt(task, now);
    return task;
  }
}
