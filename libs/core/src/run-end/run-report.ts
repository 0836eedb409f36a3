/** What people are told about a run: plain data, true counts, bounded. */
import type { ErrorCode } from '../errors/codes.js';
import { endedJobStates, type Job, type JobState } from '../words/job.js';
import { formatLocation } from '../words/location.js';
import type { Task } from '../words/task.js';
import type { Worker } from '../words/worker.js';

export const mostJobsTold = 20;
export const mostDeadTold = 50;
const longestSentence = 500;

export interface ObjectTotals {
  done: number;
  dead: number;
  skipped: number;
  /** Left undone because their job was cancelled. */
  cancelled: number;
}

export interface JobReport extends ObjectTotals {
  id: string;
  plugin: string;
  state: JobState;
  input: string;
  output: string;
  /** Why it failed, where it did. */
  failure?: string;
}

export interface DeadReport {
  jobId: string;
  taskId: string;
  /** The object at fault, or the first of several. */
  key: string;
  /** Further objects of the task. */
  others: number;
  reason: ErrorCode;
  message: string;
}

export interface RunReport {
  objects: ObjectTotals;
  jobs: JobReport[];
  furtherJobs: number;
  dead: DeadReport[];
  furtherDead: number;
  workers: { all: number; lost: number };
  startedAt: string;
  endedAt: string;
  /** Such as `1 h 4 min`. */
  took: string;
}

export interface RunRecords {
  /** Every job of the run, oldest first. */
  jobs: readonly Job[];
  workers: readonly Worker[];
  /** Dead tasks, as many as are told of or more. */
  dead: readonly Task[];
}

export function runReport({ jobs, workers, dead }: RunRecords, now: number): RunReport {
  const startedAt = Math.min(now, ...jobs.map(({ createdAt }) => createdAt));
  const endedAt = Math.max(startedAt, ...jobs.map((job) => job.endedAt ?? 0));
  const reports = jobs.map(jobReport);
  const sum = (of: (report: JobReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const took = workers.filter(({ lastSeenAt }) => lastSeenAt >= startedAt);
  const told = dead.slice(0, mostDeadTold).map(deadReport);
  const objects = {
    done: sum((report) => report.done),
    dead: sum((report) => report.dead),
    skipped: sum((report) => report.skipped),
    cancelled: sum((report) => report.cancelled),
  };
  const shown = told.reduce((total, { others }) => total + 1 + others, 0);
  return {
    objects,
    jobs: reports.slice(0, mostJobsTold),
    furtherJobs: Math.max(0, reports.length - mostJobsTold),
    dead: told,
    furtherDead: Math.max(0, objects.dead - shown),
    workers: { all: took.length, lost: took.filter(({ state }) => state !== 'shutting-down').length },
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    took: duration(endedAt - startedAt),
  };
}

function jobReport({ id, spec, state, counts, objectsSkipped, failure }: Job): JobReport {
  const { completed, dead, cancelled } = counts.objects;
  return {
    id,
    plugin: spec.plugin,
    state,
    input: formatLocation(spec.input),
    output: formatLocation(spec.output),
    done: completed,
    dead,
    skipped: objectsSkipped,
    cancelled,
    ...(failure && endedJobStates.includes(state) && { failure: oneLine(failure.message) }),
  };
}

export function deadReport({ id, jobId, objects, failure }: Task): DeadReport {
  return {
    jobId,
    taskId: id,
    key: oneLine(failure?.objectKey ?? objects[0]?.key ?? ''),
    others: Math.max(0, objects.length - 1),
    reason: failure?.code ?? 'internal-error',
    message: oneLine(failure?.message ?? 'No reason was recorded.'),
  };
}

/** A key may hold a line break, and a message a whole log. */
export function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return plain.length > longestSentence ? `${plain.slice(0, longestSentence)} ...` : plain;
}

export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
