/** Makes facts of jobs and failures: plain, bounded, and true of the moment they were asked for. */
import { toleratedObjects } from '../lifecycle/tolerance.js';
import { deadReport, duration, oneLine, type RunReport } from '../run-end/run-report.js';
import { openTaskStates } from '../words/index.js';
import type { Failure } from '../words/failure.js';
import { sumOver, type Job } from '../words/job.js';
import { formatLocation } from '../words/location.js';
import type { Task } from '../words/task.js';
import type { FailureFacts, JobFacts, NewsFacts, RunFactsTold } from './news.js';

/** So many dead tasks are named with the news of a job. */
export const mostDeadNamed = 10;

const nothing: NewsFacts = {
  job: null,
  failure: null,
  threshold: null,
  waiting: null,
  run: null,
  earlier: null,
  commands: [],
  test: false,
};

export function newsFacts(known: Partial<NewsFacts>): NewsFacts {
  return { ...nothing, ...known };
}

/** @param dead the first dead tasks of the job, as many as are named or more */
export function jobFacts(job: Job, dead: readonly Task[]): JobFacts {
  const { objects } = job.counts;
  const open = sumOver(objects, openTaskStates);
  const all = open + objects.completed + objects.dead + objects.cancelled;
  const named = dead.slice(0, mostDeadNamed).map(deadReport);
  const shown = named.reduce((sum, { others }) => sum + 1 + others, 0);
  return {
    id: job.id,
    plugin: job.spec.plugin,
    state: job.state,
    input: formatLocation(job.spec.input),
    output: formatLocation(job.spec.output),
    listing: job.scan !== 'done',
    objects: {
      all,
      done: objects.completed,
      dead: objects.dead,
      open,
      cancelled: objects.cancelled,
      skipped: job.objectsSkipped,
      before: job.objectsDoneBefore ?? 0,
      unverified: job.objectsUnverified ?? 0,
    },
    tolerated: toleratedObjects(job.spec.policy.toleratedDead, all),
    dead: named,
    furtherDead: Math.max(0, objects.dead - shown),
    createdAt: isoTime(job.createdAt),
    endedAt: job.endedAt === undefined ? null : isoTime(job.endedAt),
    took: job.endedAt === undefined ? null : duration(job.endedAt - (job.startedAt ?? job.createdAt)),
  };
}

export function failureFacts({ code, message, objectKey }: Failure, where: string | null = null): FailureFacts {
  return { code, message: oneLine(message), objectKey: objectKey === undefined ? null : oneLine(objectKey), where };
}

export function runFacts(report: RunReport, next: string): RunFactsTold {
  const jobs = report.jobs.map((job) => ({ ...job, failure: job.failure ?? null }));
  return { ...report, jobs, failed: jobs.filter(({ state }) => state === 'failed').length, next };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
