/** News: what happened, and what was true in that moment; one shape for every event. */
import type { ErrorCode } from '../errors/codes.js';
import type { DeadReport, JobReport, RunReport } from '../run-end/run-report.js';
import type { JobState } from '../words/job.js';

/**
 * - `job-completed`, `job-failed`, `job-cancelled`: a job has ended
 * - `job-paused`: a fault that no second try can mend has paused a job
 * - `threshold-passed`: more objects of a job are dead than the operator wants to hear of first when it is over
 * - `no-workers`: work waits, and no worker could take it
 * - `run-ended`: every job has ended, and every worker has left
 * - `not-shut-down`: the run is over, but its machine goes on
 * - `earlier`: an earlier version of Longshore has left it in the outbox, in words
 */
export const newsEvents = [
  'job-completed',
  'job-failed',
  'job-cancelled',
  'job-paused',
  'threshold-passed',
  'no-workers',
  'run-ended',
  'not-shut-down',
  'earlier',
] as const;
export type NewsEvent = (typeof newsEvents)[number];

/** What people may choose from; nothing new is `earlier`. */
export const toldEvents = newsEvents.filter((event) => event !== 'earlier');

export interface News {
  /** The same for every sending by every channel. */
  id: string;
  event: NewsEvent;
  /** When it happened, in milliseconds since 1970. */
  at: number;
  facts: NewsFacts;
}

/** Everything that is not of the event is null, so that a template never meets a name that is not there. */
export interface NewsFacts {
  job: JobFacts | null;
  failure: FailureFacts | null;
  threshold: ThresholdFacts | null;
  waiting: WaitingFacts | null;
  run: RunFactsTold | null;
  earlier: { subject: string; text: string } | null;
  /** What to type now. */
  commands: string[];
  /** True of an example that somebody has asked for. */
  test: boolean;
}

export interface JobFacts {
  id: string;
  plugin: string;
  state: JobState;
  input: string;
  /** Where the results lie. */
  output: string;
  /** True while the input is still being listed, so that there may be more objects than are counted here. */
  listing: boolean;
  objects: {
    all: number;
    done: number;
    dead: number;
    open: number;
    cancelled: number;
    skipped: number;
    /** Of those done, how many were so before this job. */
    before: number;
    /** Of those done, how many are so on the word of legacy workers alone. */
    unverified: number;
  };
  /** So many dead objects are tolerated. */
  tolerated: number;
  /** The first dead tasks. */
  dead: DeadReport[];
  /** Dead objects that no task above holds. */
  furtherDead: number;
  createdAt: string;
  endedAt: string | null;
  /** From its start to its end, such as `1 h 4 min`. */
  took: string | null;
}

export interface FailureFacts {
  code: ErrorCode;
  message: string;
  objectKey: string | null;
  /** Who met it, as a sentence. */
  where: string | null;
}

export interface ThresholdFacts {
  /** As the operator wrote it: `10%`, or `500`. */
  setting: string;
  /** More dead objects than this. */
  limit: number;
  /** Share of all objects that is dead, in percent. */
  percent: number;
}

export interface WaitingFacts {
  plugin: string;
  tasks: number;
  since: string;
  seconds: number;
  jobs: { id: string; tasks: number }[];
  furtherJobs: number;
  /** Workers that are there and cannot take it. */
  workers: { draining: number; ofOtherPlugins: number };
}

export interface RunFactsTold extends Omit<RunReport, 'jobs'> {
  jobs: (Omit<JobReport, 'failure'> & { failure: string | null })[];
  /** Jobs that failed. */
  failed: number;
  /** What happens next, as a sentence. */
  next: string;
}

/** News on its way by one channel: what the outbox holds. */
export interface Notice {
  id: string;
  channel: string;
  news: News;
}

/** News in words, as people read it. */
export interface Words {
  subject: string;
  text: string;
  html: string;
}
