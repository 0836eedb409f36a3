/** What becomes of a task when an attempt ends without a result: again, in parts, or set aside. */
import type { Failure } from '../words/failure.js';
import type { JobPolicy } from '../words/job.js';
import type { ReportedManifest } from '../words/manifest.js';
import type { Task } from '../words/task.js';
import { guiltyApart, keptPart, partsOf, restOf } from './parts.js';
import { judge, type Judgement } from './retry-rules.js';
import { nextTaskState, type TaskEvent } from './task-transitions.js';

export interface EndedAttempt {
  task: Task;
  /** What takes the place of a task that is split. */
  parts: Task[];
}

export interface AttemptEnd {
  failure: Failure;
  now: number;
  /** A number from 0 to 1 that spreads the retry delay. */
  jitter: number;
  policy: JobPolicy;
  /** Names a part. */
  newId: () => string;
  /** The worker gives the task back by itself, so that it may be tried at once. */
  handedBack?: boolean;
  /** What the attempt finished before it ended: entries for some of the objects of the task. */
  kept?: ReportedManifest | undefined;
}

/**
 * Ends the running attempt. A fault of the job or its resources spends an attempt, everything else a loss, unless a rule of the job says
 * otherwise; out of either, a task of several objects is split so that the guilty one is found, and a task of one object is dead. What
 * the attempt finished is kept as an accepted task of its own, and only the rest goes on. A group that the job lists is one task to its end.
 */
export function endAttempt(task: Task, end: AttemptEnd): EndedAttempt {
  const isWhole = task.group !== undefined;
  if (end.kept && end.kept.entries.length > 0 && !isWhole) return endInPart(task, end, end.kept);
  const { failure, policy } = end;
  const judgement = judge(failure, policy.retry);
  const ended = counted(withoutLease(task), judgement, failure);
  const blamesJob = judgement === 'attempt' || judgement === 'final';
  if (isOut(ended, judgement)) {
    if (task.objects.length > 1 && !isWhole) {
      const guilty = judgement === 'final' ? guiltyApart(ended, failure, end) : undefined;
      const parts = guilty ?? partsOf(ended, { ...end, blamesJob });
      return { task: settled(ended, 'split', end.now), parts };
    }
    return { task: settled(ended, 'exhaust', end.now), parts: [] };
  }
  const delayMs = end.handedBack || judgement === 'pause' ? 0 : delayOf(ended, judgement, end);
  const state = nextTaskState(task.state, blamesJob ? 'retry' : 'release');
  return { task: { ...ended, state, availableAt: end.now + delayMs }, parts: [] };
}

/** An attempt that finished some objects has not failed them: they are done, and the rest begins anew. */
function endInPart(task: Task, end: AttemptEnd, kept: ReportedManifest): EndedAttempt {
  const { kept: _done, ...bare } = end;
  const done = keptPart(task, kept, end);
  const rest = endAttempt(restOf(task, kept, end), bare);
  const going = rest.task.state === 'split' ? rest.parts : [rest.task];
  return { task: settled(withoutLease({ ...task, failure: end.failure }), 'split', end.now), parts: [done, ...going] };
}

/** Takes an acceptance back whose staged outputs are gone: the task is done again for a loss; out of losses it is dead. */
export function withdrawAcceptance(task: Task, failure: Failure, now: number): Task {
  const { manifest: _gone, ...rest } = withoutLease(task);
  const lost = { ...rest, losses: task.losses + 1, failure };
  return lost.losses < task.maxLosses
    ? { ...lost, state: nextTaskState(task.state, 'withdraw'), availableAt: now }
    : { ...lost, state: nextTaskState(task.state, 'forfeit'), endedAt: now };
}

/** Gives an acceptance up whose outputs can never be published; what was staged has to be abandoned first. */
export function forfeitAcceptance(task: Task, failure: Failure, now: number): Task {
  const { manifest: _gone, ...rest } = withoutLease(task);
  return { ...rest, state: nextTaskState(task.state, 'forfeit'), failure, endedAt: now };
}

function counted(task: Task, judgement: Judgement, failure: Failure): Task {
  return {
    ...task,
    failure,
    failedAttempts: task.failedAttempts + (judgement === 'attempt' || judgement === 'final' ? 1 : 0),
    losses: task.losses + (judgement === 'loss' ? 1 : 0),
  };
}

function isOut(task: Task, judgement: Judgement): boolean {
  switch (judgement) {
    case 'final':
      return true;
    case 'attempt':
      return task.failedAttempts >= task.maxAttempts;
    case 'loss':
      return task.losses >= task.maxLosses;
    case 'pause':
      return false;
  }
}

/** Delays grow no further than this, unless the job itself asks for a longer one. */
const longestGrownDelayMs = 5 * 60_000;

/** The first loss costs no time: the machine is gone, and nothing suggests that the next one will be. */
function delayOf(task: Task, judgement: Judgement, { policy, jitter }: AttemptEnd): number {
  const failures = judgement === 'attempt' ? task.failedAttempts : task.losses - 1;
  if (failures < 1) return 0;
  const firstMs = policy.retryDelaySeconds * 1000;
  const grownMs = Math.min(firstMs * 2 ** (failures - 1), longestGrownDelayMs);
  return Math.round(Math.max(firstMs, grownMs) * (0.75 + 0.5 * jitter));
}

function withoutLease(task: Task): Task {
  const { lease: _over, ...rest } = task;
  return rest;
}

function settled(task: Task, event: TaskEvent & ('split' | 'exhaust'), now: number): Task {
  return { ...task, state: nextTaskState(task.state, event), endedAt: now };
}
