/** The news of a job: when it has ended, is paused by a fault, or has too many dead objects. */
import { pauseJob } from '../lifecycle/job-rules.js';
import { readPercent } from '../lifecycle/tolerance.js';
import { isSettled } from '../lifecycle/job-rules.js';
import type { Failure } from '../words/failure.js';
import { endedJobStates, type Job } from '../words/job.js';
import type { Task } from '../words/task.js';
import { failureFacts, jobFacts, newsFacts } from './facts.js';
import type { News, NewsEvent, ThresholdFacts } from './news.js';

/** A job as it is once a change is stored, and the first of its dead tasks. */
export interface JobMoment {
  job: Job;
  dead: readonly Task[];
}

const endings: Partial<Record<Job['state'], NewsEvent>> = {
  completed: 'job-completed',
  failed: 'job-failed',
  cancelled: 'job-cancelled',
};

/** @returns undefined for a job that has not ended */
export function endNews({ job, dead }: JobMoment): News | undefined {
  const event = endings[job.state];
  if (event === undefined) return undefined;
  const at = job.endedAt ?? 0;
  const commands = [
    ...(job.counts.objects.dead > 0 ? [`longshore dead ${job.id}`] : []),
    ...(job.counts.objects.dead > 0 && event !== 'job-cancelled' ? [`longshore redrive ${job.id}`] : []),
    `longshore manifest ${job.id}`,
  ];
  const failure = event === 'job-failed' && job.failure ? failureFacts(job.failure) : null;
  return {
    id: `${event}:${job.id}:${at}`,
    event,
    at,
    facts: newsFacts({ job: jobFacts(job, dead), failure, commands }),
  };
}

export interface PauseFacts {
  now: number;
  /** Who met the fault, as a sentence. */
  where: string;
}

/** A job that does not run stays as it is, so what fails the same way after it is no news. */
export function pausedBy(job: Job, why: Failure): Job | undefined {
  return job.state === 'running' ? pauseJob(job, why) : undefined;
}

export function pauseNews({ job, dead }: JobMoment, why: Failure, { now, where }: PauseFacts): News {
  const commands = [`longshore resume ${job.id}`, `longshore cancel ${job.id}`];
  const facts = newsFacts({ job: jobFacts(job, dead), failure: failureFacts(why, where), commands });
  return { id: `job-paused:${job.id}:${now}`, event: 'job-paused', at: now, facts };
}

/** While a listing goes on, a share of fewer objects than this says nothing about the job. */
const judgedFrom = 1_000;

/**
 * How far a job is past the threshold; undefined while it is not, and for a job that has nothing left to do, whose end tells more.
 *
 * @param setting a number of dead objects, or a share of all such as `10%`
 */
export function passedThreshold(job: Job, setting: string): ThresholdFacts | undefined {
  if (endedJobStates.includes(job.state) || isSettled(job)) return undefined;
  const { all, dead } = jobFacts(job, []).objects;
  const isShare = setting.endsWith('%');
  if (isShare && job.scan !== 'done' && all < judgedFrom) return undefined;
  const limit = isShare ? Math.floor((readPercent(setting) / 100) * all + 1e-9) : Number(setting);
  if (dead <= limit) return undefined;
  return { setting, limit, percent: Math.round((1_000 * dead) / all) / 10 };
}

export function thresholdNews({ job, dead }: JobMoment, threshold: ThresholdFacts, now: number): News {
  const commands = [`longshore explain ${job.id}`, `longshore dead ${job.id}`, `longshore pause ${job.id}`];
  const facts = newsFacts({ job: jobFacts(job, dead), threshold, commands });
  return { id: `threshold-passed:${job.id}`, event: 'threshold-passed', at: now, facts };
}
