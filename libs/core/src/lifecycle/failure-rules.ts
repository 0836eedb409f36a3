/** What becomes of a task when an attempt ends without a result: again, in parts, or set aside. */
import type { Failure } from '../words/failure.js';
import type { JobPolicy } from '../words/job.js';
import type { NewTask, Task } from '../words/task.js';
import { nextTaskState, type TaskEvent } from './task-transitions.js';

export interface EndedAttempt {
  task: Task;
  /** The two parts that take the place of a task that is split. */
  parts: Omit<NewTask, 'id'>[];
}

export interface AttemptEnd {
  failure: Failure;
  now: number;
  /** A number from 0 to 1 that spreads the retry delay. */
  jitter: number;
  policy: JobPolicy;
}

/**
 * Ends the running attempt. A fault of the job or its resources spends an attempt, everything else a loss; out of attempts,
 * a task of several objects is split so that the guilty one is found, and a task of one object is dead.
 */
export function endAttempt(task: Task, end: AttemptEnd): EndedAttempt {
  const { failure, policy } = end;
  const blamesJob = failure.class === 'job' || failure.class === 'resource';
  const failedAttempts = task.failedAttempts + (blamesJob ? 1 : 0);
  const losses = task.losses + (blamesJob ? 0 : 1);
  const { lease: _over, ...rest } = task;
  const ended = { ...rest, failedAttempts, losses, failure };

  if (blamesJob && failedAttempts >= task.maxAttempts) {
    if (task.objects.length > 1) return { task: settled(ended, 'split', end.now), parts: halves(task) };
    return { task: settled(ended, 'exhaust', end.now), parts: [] };
  }
  if (losses >= policy.maxLosses) return { task: settled(ended, 'exhaust', end.now), parts: [] };

  const delayMs = blamesJob
    ? retryDelayMs(failedAttempts, policy, end.jitter)
    : lossDelayMs(losses, policy, end.jitter);
  const event: TaskEvent = blamesJob ? 'retry' : 'release';
  return {
    task: { ...ended, state: nextTaskState(task.state, event), availableAt: end.now + delayMs },
    parts: [],
  };
}

type LossBudget = Pick<JobPolicy, 'maxLosses'>;

/** Gives a task back, as a worker does that is told to stop: it is available at once and a loss is counted; out of losses it is dead. */
export function handBack(task: Task, failure: Failure, now: number, budget: LossBudget): Task {
  const { lease: _over, ...rest } = task;
  return afterLoss(rest, ['release', 'exhaust'], failure, now, budget);
}

/** Gives a task back that could not be tried because of a configuration fault; nothing is counted. */
export function handBackUncounted(task: Task, failure: Failure, now: number): Task {
  const { lease: _over, ...rest } = task;
  return { ...rest, state: nextTaskState(task.state, 'release'), failure, availableAt: now };
}

/** Takes an acceptance back whose staged outputs are gone: the task is done again for a loss; out of losses it is dead. */
export function withdrawAcceptance(task: Task, failure: Failure, now: number, budget: LossBudget): Task {
  const { lease: _over, manifest: _gone, ...rest } = task;
  return afterLoss(rest, ['withdraw', 'forfeit'], failure, now, budget);
}

/** Gives an acceptance up whose outputs can never be published; what was staged has to be abandoned first. */
export function forfeitAcceptance(task: Task, failure: Failure, now: number): Task {
  const { lease: _over, manifest: _gone, ...rest } = task;
  return { ...rest, state: nextTaskState(task.state, 'forfeit'), failure, endedAt: now };
}

function afterLoss(
  task: Task,
  [again, end]: readonly [TaskEvent, TaskEvent],
  failure: Failure,
  now: number,
  budget: LossBudget,
): Task {
  const lost = { ...task, losses: task.losses + 1, failure };
  return lost.losses < budget.maxLosses
    ? { ...lost, state: nextTaskState(task.state, again), availableAt: now }
    : { ...lost, state: nextTaskState(task.state, end), endedAt: now };
}

/** Attempts each part of a split task may fail: one while it still holds several objects, the full budget when alone. */
export function attemptsOfPart(objectCount: number, policy: Pick<JobPolicy, 'maxAttempts'>): number {
  return objectCount > 1 ? 1 : policy.maxAttempts;
}

/** Delays grow no further than this, unless the job itself asks for a longer one. */
const longestGrownDelayMs = 5 * 60_000;

function retryDelayMs(failedAttempts: number, policy: JobPolicy, jitter: number): number {
  const firstMs = policy.retryDelaySeconds * 1000;
  const grownMs = Math.min(firstMs * 2 ** (failedAttempts - 1), longestGrownDelayMs);
  return spread(Math.max(firstMs, grownMs), jitter);
}

/** The first loss costs no time: the machine is gone, and nothing suggests that the next one will be. */
function lossDelayMs(losses: number, policy: JobPolicy, jitter: number): number {
  return losses <= 1 ? 0 : retryDelayMs(losses - 1, policy, jitter);
}

function spread(delayMs: number, jitter: number): number {
  return Math.round(delayMs * (0.75 + 0.5 * jitter));
}

function settled(task: Task, event: 'split' | 'exhaust', now: number): Task {
  return { ...task, state: nextTaskState(task.state, event), endedAt: now };
}

function halves(task: Task): EndedAttempt['parts'] {
  const middle = Math.ceil(task.objects.length / 2);
  return [
    { position: task.position, objects: task.objects.slice(0, middle) },
    { position: task.position + middle, objects: task.objects.slice(middle) },
  ];
}
