/** What a person does to what is over, or should be: dead letters tried again, jobs and tasks cancelled. */
import type { Job, RedriveOrder } from '../words/job.js';
import type { Task } from '../words/task.js';
import { nextJobState } from './job-transitions.js';
import { nextTaskState } from './task-transitions.js';

type RedriveSubject = Pick<Task, 'state' | 'fence' | 'failedAttempts' | 'failure'> & { endedAt?: number };

/** What was refused by its name before anybody tried would be refused again; what lies in an archive may have been restored. */
export function canBeRedriven(task: RedriveSubject): boolean {
  const wasTried = task.fence > 0 || task.failedAttempts > 0;
  return task.state === 'dead' && (wasTried || task.failure?.code === 'input-archived');
}

/** A dead letter with its budgets as they were at first. It keeps its failure until it is done, so that nobody forgets why. */
export function redriveTask(task: Task, job: Job, now: number): Task {
  const { endedAt: _over, ...rest } = task;
  const { maxAttempts, maxLosses } = job.spec.policy;
  const state = nextTaskState(task.state, 'redrive');
  return { ...rest, state, failedAttempts: 0, losses: 0, maxAttempts, maxLosses, availableAt: now };
}

/** A job that has this to do as well. The same order once more begins anew, behind the others. */
export function orderRedrive(job: Job, order: RedriveOrder): Job {
  const others = (job.redrives ?? []).filter(({ group, reason }) => group !== order.group || reason !== order.reason);
  return { ...reopenJob(job), redrives: [...others, order] };
}

/** What an order means: dead letters that died before it was given. */
export function isOrdered(task: RedriveSubject, { at, reason }: RedriveOrder): boolean {
  const meant = (reason === undefined || task.failure?.code === reason) && (task.endedAt ?? 0) <= at;
  return meant && canBeRedriven(task);
}

/** After a page of an order: where the next one begins, or the order is done. What was ordered anew meanwhile stays as it is. */
export function advanceRedrive(job: Job, order: RedriveOrder, next: string | undefined): Job {
  const { redrives = [], ...rest } = job;
  const left = redrives.flatMap((found) => {
    if (found.at !== order.at || found.group !== order.group || found.reason !== order.reason) return [found];
    return next === undefined ? [] : [{ ...found, after: next }];
  });
  return left.length === 0 ? rest : { ...rest, redrives: left };
}

/** A job that has work again: one that has ended runs on, one that is running or paused stays as it is. */
export function reopenJob(job: Job): Job {
  if (job.state === 'running' || job.state === 'paused') return job;
  const { failure: _past, endedAt: _over, ...rest } = job;
  return { ...rest, state: nextJobState(job.state, 'redrive') };
}

export function cancelTask(task: Task, now: number): Task {
  const { lease: _over, ...rest } = task;
  return { ...rest, state: nextTaskState(task.state, 'cancel'), endedAt: now };
}

export function cancelJob(job: Job, now: number): Job {
  return { ...job, state: nextJobState(job.state, 'cancel'), endedAt: now };
}
