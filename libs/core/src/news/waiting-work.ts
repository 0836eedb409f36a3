/** Work that waits and that no worker could take: when people are told, and that they are told once. */
import type { Job } from '../words/job.js';
import type { Worker } from '../words/worker.js';
import { newsFacts } from './facts.js';
import type { News } from './news.js';

/** What is remembered of the waiting work of one plugin. */
export interface Waiting {
  since: number;
  /** Absent until people were told. */
  toldAt?: number;
  /** Tasks of its jobs that were over when people were told; more of them mean that somebody has worked. */
  settled: number;
}

export interface WaitingSight {
  now: number;
  plugin: string;
  /** Running jobs of the plugin. */
  jobs: readonly Job[];
  workers: WorkersThere;
}

export interface WorkersThere {
  /** At least one could take work; `unknown` while those of before a restart may still be heard of. */
  able: 'yes' | 'no' | 'unknown';
  draining: number;
  ofOtherPlugins: number;
}

/** @param remembered undefined when nothing waited so far; the same is given back when it waits no longer */
export function waitingNow(
  remembered: Waiting | undefined,
  { now, jobs, workers }: WaitingSight,
  patienceMs: number,
): { waiting: Waiting | undefined; tell: boolean } {
  const waits = sum(jobs, ({ counts }) => counts.tasks.available) > 0;
  const isWorkedOn = sum(jobs, ({ counts }) => counts.tasks.leased + counts.tasks.accepted) > 0;
  if (!waits || isWorkedOn) return { waiting: undefined, tell: false };
  const settled = sum(jobs, ({ counts }) => counts.tasks.completed + counts.tasks.dead + counts.tasks.split);
  const moved = remembered !== undefined && settled > remembered.settled;
  if (moved) return { waiting: { since: now, settled }, tell: false };
  // Once told, only work that was taken makes it new.
  if (remembered?.toldAt !== undefined) return { waiting: remembered, tell: false };
  if (workers.able === 'yes') return { waiting: undefined, tell: false };
  const waiting = remembered ?? { since: now, settled };
  const isDue = workers.able === 'no' && now - waiting.since >= patienceMs;
  return { waiting: isDue ? { ...waiting, toldAt: now } : waiting, tell: isDue };
}

const mostJobsNamed = 10;

export function waitingNews({ since }: Waiting, { now, plugin, jobs, workers }: WaitingSight): News {
  const waits = jobs.filter(({ counts }) => counts.tasks.available > 0);
  const waiting = {
    plugin,
    tasks: sum(waits, ({ counts }) => counts.tasks.available),
    since: new Date(since).toISOString(),
    seconds: Math.round((now - since) / 1000),
    jobs: waits.slice(0, mostJobsNamed).map(({ id, counts }) => ({ id, tasks: counts.tasks.available })),
    furtherJobs: Math.max(0, waits.length - mostJobsNamed),
    workers: { draining: workers.draining, ofOtherPlugins: workers.ofOtherPlugins },
  };
  const commands = [`longshore worker --plugin ${plugin}`, 'longshore workers --all'];
  return { id: `no-workers:${plugin}:${since}`, event: 'no-workers', at: now, facts: newsFacts({ waiting, commands }) };
}

export interface WorkerRules {
  now: number;
  /** Nobody was heard before. */
  servingSince: number;
  /** One that was not heard of for so long is gone. */
  goneMs: number;
  canRun: (worker: Worker) => boolean;
}

export function workersThere(workers: readonly Worker[], rules: WorkerRules): WorkersThere {
  const { now, servingSince, goneMs, canRun } = rules;
  const there = workers.filter(({ state }) => state !== 'shutting-down');
  const heard = there.filter(({ lastSeenAt }) => now - lastSeenAt < goneMs);
  const mayCome = there.some((worker) => isAble(worker) && now - Math.max(worker.lastSeenAt, servingSince) < goneMs);
  function isAble(worker: Worker): boolean {
    return worker.draining !== true && worker.state !== 'unavailable' && canRun(worker);
  }
  return {
    able: heard.some(isAble) ? 'yes' : mayCome ? 'unknown' : 'no',
    draining: heard.filter(({ draining }) => draining === true).length,
    ofOtherPlugins: heard.filter((worker) => worker.draining !== true && !canRun(worker)).length,
  };
}

function sum(jobs: readonly Job[], of: (job: Job) => number): number {
  return jobs.reduce((total, job) => total + of(job), 0);
}
