/** The end of a run: from the last object to the machine that is shut down, as one table and the rules that walk it. */
import { LongshoreError } from '../errors/longshore-error.js';
import type { Failure } from '../words/failure.js';

/**
 * - `working`: a job is open, or none ended since people were told last
 * - `leaving`: every job has ended; workers publish what they hold, and say goodbye
 * - `telling`: the mail is in the outbox
 * - `resting`: people were told; a new job may still come
 * - `stopping`: the machine is to be ended now
 * - `over`: everything was done; a new job begins a new run
 */
export const runEndPhases = ['working', 'leaving', 'telling', 'resting', 'stopping', 'over'] as const;
export type RunEndPhase = (typeof runEndPhases)[number];

export type RunEndEvent =
  'all-ended' | 'all-gone' | 'told' | 'kept-serving' | 'rested' | 'ordered' | 'refused' | 'work-came';

export const runEndTransitions: readonly { from: RunEndPhase; event: RunEndEvent; to: RunEndPhase }[] = [
  { from: 'working', event: 'all-ended', to: 'leaving' },
  { from: 'leaving', event: 'all-gone', to: 'telling' },
  { from: 'telling', event: 'told', to: 'resting' },
  { from: 'telling', event: 'kept-serving', to: 'over' },
  { from: 'resting', event: 'rested', to: 'stopping' },
  { from: 'stopping', event: 'ordered', to: 'over' },
  { from: 'stopping', event: 'refused', to: 'over' },
  { from: 'leaving', event: 'work-came', to: 'working' },
  { from: 'telling', event: 'work-came', to: 'working' },
  { from: 'resting', event: 'work-came', to: 'working' },
  { from: 'stopping', event: 'work-came', to: 'working' },
  { from: 'over', event: 'work-came', to: 'working' },
];

/** What is stored of it. */
export interface RunEnd {
  phase: RunEndPhase;
  /** When this phase began. */
  since: number;
  /** Runs that people were told of. */
  runs: number;
  /** They were told of every job that had ended by then. */
  toldAt: number;
  /** How often the order to end the machine has failed, in this phase. */
  failedOrders: number;
  /** The order is not given again before. */
  orderAt: number;
  /** Why the machine goes on although the run is over. */
  failure?: Failure;
}

export interface RunFacts {
  now: number;
  /** When this process began: nobody could be heard and nothing could be sent before. */
  servingSince: number;
  openJobs: number;
  /** Jobs that were created or have ended since people were told. */
  untoldJobs: number;
  /** Tasks that are leased or accepted. */
  heldTasks: number;
  /** Workers that have not said goodbye and were heard of lately. */
  awaitedWorkers: number;
  unsentNews: number;
}

export const shutdownPolicies = ['none', 'exit', 'stop', 'terminate'] as const;
export type ShutdownPolicy = (typeof shutdownPolicies)[number];

export interface RunEndRules {
  shutdown: ShutdownPolicy;
  /** Time for a new job to come, after people were told. */
  graceMs: number;
  /** The shutdown waits no longer for news that cannot be sent. */
  mailPatienceMs: number;
}

/** Before anything: jobs that ended in the past are no part of a run. */
export function newRunEnd(now: number): RunEnd {
  return { phase: 'working', since: now, runs: 0, toldAt: now - 1, failedOrders: 0, orderAt: 0 };
}

/** What has happened now; undefined while there is nothing but to wait. What comes of the order to end the machine is not for this to know. */
export function runEndEvent(end: RunEnd, facts: RunFacts, rules: RunEndRules): RunEndEvent | undefined {
  const { now, servingSince, openJobs, untoldJobs, heldTasks, awaitedWorkers, unsentNews } = facts;
  const everybodyGone = heldTasks === 0 && awaitedWorkers === 0;
  const told = end.phase !== 'working' && end.phase !== 'leaving';
  if (end.phase !== 'working' && (openJobs > 0 || (told && untoldJobs > 0))) return 'work-came';
  switch (end.phase) {
    case 'working':
      return openJobs === 0 && untoldJobs > 0 ? 'all-ended' : undefined;
    case 'leaving':
      return everybodyGone ? 'all-gone' : undefined;
    case 'telling':
      if (unsentNews > 0 && now - end.since < rules.mailPatienceMs) return undefined;
      return rules.shutdown === 'none' ? 'kept-serving' : 'told';
    case 'resting':
      // Somebody who starts it again gets the whole time to say what he wants.
      return everybodyGone && now - Math.max(end.since, servingSince) >= rules.graceMs ? 'rested' : undefined;
    case 'stopping':
    case 'over':
      return undefined;
  }
}

/** @throws LongshoreError `transition-refused` where the table has no such line */
export function nextRunEnd(end: RunEnd, event: RunEndEvent, now: number): RunEnd {
  const found = runEndTransitions.find((line) => line.from === end.phase && line.event === event);
  if (!found) {
    throw new LongshoreError('transition-refused', `The end of a run that is ${end.phase} does not know "${event}".`);
  }
  const { failure: _past, ...rest } = end;
  const telling = found.to === 'telling' ? { runs: end.runs + 1, toldAt: now } : {};
  return { ...rest, ...telling, phase: found.to, since: now, failedOrders: 0, orderAt: now };
}

const mostOrders = 6;

/** The order failed in a way that may pass: it is given again later, but not for ever. */
export function orderFailed(end: RunEnd, why: Failure, now: number): RunEnd {
  const failedOrders = end.failedOrders + 1;
  if (why.class !== 'config' && failedOrders < mostOrders) {
    return { ...end, failedOrders, orderAt: now + 1_000 * 4 ** failedOrders };
  }
  return { ...nextRunEnd(end, 'refused', now), failure: why };
}
