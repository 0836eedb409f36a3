/** What people ask about jobs: lists, groups and numbers, each for the price of a page however large a job is. */
import type { DurationCount } from '../lifecycle/durations.js';
import type { ErrorCode, FailureClass } from '../errors/codes.js';
import type { Attempt } from '../words/attempt.js';
import type { Job, JobCounts, JobState } from '../words/job.js';
import type { TaskSummary } from '../words/task-summary.js';
import type { TaskState } from '../words/task.js';
import type { Worker, WorkerState } from '../words/worker.js';
import type { Page, PageRequest } from './store-exchange.js';

export interface JobSearch extends PageRequest {
  /** Part of the id, the plugin, or a location, whatever its case. */
  search?: string | undefined;
  state?: JobState | undefined;
}

/** Failures of one cause in one job. */
export interface FailureGroup {
  id: string;
  class: FailureClass;
  code: ErrorCode;
  pattern: string;
  /** Attempts that ended so, ever. */
  attempts: number;
  /** Dead letters, now. */
  tasks: number;
  objects: number;
  /** Those of them that would be refused again before anybody tried. */
  refused: number;
  firstAt: number;
  lastAt: number;
  exampleTaskId: string;
  example: string;
}

/** What was done in a stretch of time. */
export interface WorkStep {
  /** Where it begins. */
  at: number;
  tasks: number;
  objects: number;
  bytes: number;
  failedAttempts: number;
}

/** How everything stands now, in a few numbers. */
export interface VitalSigns {
  /** Available tasks of jobs that run; those of a paused job wait for a person. */
  waitingTasks: number;
  /** Jobs under way whose input is not listed to its end, and how far they are. */
  scans: { running: number; objectsListed: number };
  /** States nobody is in may be left out. */
  workers: WorkerGroup[];
  /** Notifications that are not sent, and how many of them have failed before. */
  outbox: { waiting: number; failing: number };
}

export interface WorkerGroup {
  state: WorkerState;
  count: number;
  slots: number;
  /** The smallest that one of them has told of. */
  diskFreeBytes?: number;
}

/**
 * Asked by the routes that people and the dashboard use; part of the store, which keeps these numbers in the transaction that changes them.
 * Everything is read only and answers what is on disk.
 */
export abstract class JobInsight {
  /** Newest first, with how many match on all pages. */
  abstract searchJobs(search: JobSearch): Promise<Page<Job> & { total: number }>;

  /** By position, without objects. */
  abstract taskSummaries(
    jobId: string,
    page: PageRequest & { state?: TaskState | undefined },
  ): Promise<Page<TaskSummary>>;

  /** By position: those of one group of failures, or all. */
  abstract deadLetters(jobId: string, page: PageRequest & { group?: string | undefined }): Promise<Page<TaskSummary>>;

  /** Most dead objects first, then most attempts. */
  abstract failureGroups(jobId: string, page: PageRequest): Promise<Page<FailureGroup>>;

  /** Attempts of a task by number, without their logs; `after` is a number. */
  abstract attempts(taskId: string, page: PageRequest): Promise<Page<Attempt>>;

  /** Newest first. */
  abstract workers(page: PageRequest & { state?: WorkerState | undefined }): Promise<Page<Worker>>;

  /** What a worker holds, longest held first. */
  abstract heldBy(workerId: string): Promise<TaskSummary[]>;

  /** From when on the first available tasks of a job may be leased, by position, of at most so many. */
  abstract availableFrom(jobId: string, limit: number): Promise<number[]>;

  /** The leased tasks of a job that are held longest. */
  abstract longestHeld(jobId: string, limit: number): Promise<TaskSummary[]>;

  /** How long the completed tasks of a job, or of all jobs, were held. */
  abstract durations(jobId?: string): Promise<DurationCount[]>;

  /** What was done from one time to another, in steps of so many milliseconds (a multiple of ten seconds), oldest first; steps without work are left out. */
  abstract work(jobId: string, range: { from: number; to: number; stepMs: number }): Promise<WorkStep[]>;

  abstract jobsByPlugin(): Promise<{ plugin: string; count: number }[]>;

  abstract jobsByState(): Promise<{ state: JobState; count: number }[]>;

  /** Jobs created since a time, counted by day (UTC, such as `2026-01-31`); days without one are left out. */
  abstract jobsByDay(since: number): Promise<{ day: string; count: number }[]>;

  /** The totals of all jobs together. */
  abstract totals(): Promise<JobCounts>;

  /** For monitoring, which asks every few seconds. */
  abstract vitalSigns(): Promise<VitalSigns>;
}
