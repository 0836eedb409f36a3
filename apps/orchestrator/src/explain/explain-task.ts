/** Why a task waits, runs or is dead, with the arithmetic. */
import type { Attempt, Failure, Job, Task, Worker } from '@longshore/core';
import { count, duration, nobody, shortened, those } from './wording.js';

export interface TaskFacts {
  task: Task;
  job: Job;
  attempts: readonly Attempt[];
  /** Those that could work on it now. */
  workers: readonly Worker[];
  /** There are some that could, but they drain. */
  isDrained: boolean;
  /** Why legacy workers that are here do not get it. */
  legacy: readonly string[];
  now: number;
}

export function explainTask(facts: TaskFacts): string[] {
  return [standing(facts), ...whereItIs(facts), ...history(facts)];
}

function standing({ task, job }: TaskFacts): string {
  const [first] = task.objects;
  const what = task.objects.length === 1 ? (first?.key ?? '') : count(task.objects.length, 'object');
  const budgets =
    `${task.failedAttempts} of ${task.maxAttempts} attempts failed by its own fault, ` +
    `${task.losses} of ${task.maxLosses} were lost`;
  return `Task ${task.id} of job ${job.id} (${what}) is ${task.state}; ${budgets}.`;
}

function whereItIs(facts: TaskFacts): string[] {
  const { task } = facts;
  switch (task.state) {
    case 'available':
      return available(facts);
    case 'leased':
    case 'accepted':
      return held(facts);
    case 'dead':
      return dead(facts);
    case 'split':
      return [
        'Smaller tasks have taken its place: what was finished, and the rest in parts, to find the object at fault.',
      ];
    case 'completed':
      return task.manifest?.unverified
        ? [`It is done on the word of the legacy worker ${task.manifest.workerId}; nobody has looked at its outputs.`]
        : [];
    default:
      return [];
  }
}

function available({ task, job, workers, isDrained, legacy, now }: TaskFacts): string[] {
  if (job.state !== 'running') return [`It waits because its job is ${job.state}.`];
  if (task.availableAt > now) {
    return [
      `It may be tried again in ${duration(task.availableAt - now)}, after the delay that grows with each failure; ` +
        `now with: longshore retry ${job.id} --task ${task.id}`,
    ];
  }
  if (workers.length > 0)
    return [`It waits for a free slot; ${those(workers.length, 'worker', ['serves', 'serve'])} its plugin.`];
  return [
    `${nobody(job.spec.plugin, isDrained)}${legacy.length === 0 ? '' : ' that may get it'}.`,
    ...legacy.map((why) => `Legacy workers do not get it: ${why}.`),
  ];
}

function held(facts: TaskFacts): string[] {
  const { task, job, now } = facts;
  const { lease } = task;
  if (!lease) return [];
  const who = `Worker ${lease.workerId} holds it for ${duration(now - lease.leasedAt)} as attempt ${task.fence}`;
  if (lease.legacy) return [`${who}, a legacy worker; ${legacyLimit(facts)}.`];
  const until = `its lease ends in ${duration(lease.expiresAt - now)} unless it is renewed`;
  if (task.state === 'accepted') return [`${who}; the result is recorded and being published; ${until}.`];
  const limit = `the command may run ${duration(job.spec.policy.timeoutSeconds * 1000)}`;
  const heard = lease.acknowledgedAt === undefined ? ', and has not acknowledged it yet' : '';
  return [`${who}${heard}; ${until}, and ${limit}.`];
}

/** It says nothing while it works, so time alone takes the task back. */
function legacyLimit({ task: { lease }, job, now }: TaskFacts): string {
  if (!lease) return '';
  const { leasedAt, acknowledgedAt, expiresAt } = lease;
  if (acknowledgedAt !== undefined) return `somebody else gets it in ${duration(expiresAt - now)} unless it reports`;
  const untilMs = leasedAt + job.spec.policy.ackTimeoutSeconds * 1000 - now;
  return `somebody else gets it in ${duration(untilMs)} unless it acknowledges it`;
}

function dead(facts: TaskFacts): string[] {
  const { failure } = facts.task;
  if (!failure) return [];
  return [
    `It is set aside because of ${failure.code}: ${failure.message}`,
    ...(failure.log
      ? [`The last lines of its container: ${shortened(failure.log.trimEnd().slice(-1_000), 1_000)}`]
      : []),
    wayOut(facts, failure),
  ];
}

/** What has changed stays changed: a redrive would find the same, for a job works on objects as they were listed. */
function wayOut({ task, job }: TaskFacts, { code }: Failure): string {
  if (task.fence === 0) return 'It was refused before anybody tried, and would be again.';
  if (code === 'input-changed') return 'A redrive would find the same; a job that is submitted now lists it as it is.';
  return `Once the cause is mended: longshore redrive ${job.id} --task ${task.id}`;
}

function history({ attempts }: TaskFacts): string[] {
  return attempts.map(({ number, workerId, outcome, failure, startedAt, endedAt }) => {
    const time = endedAt === undefined ? '' : ` after ${duration(endedAt - startedAt)}`;
    const why = failure ? ` (${failure.code}: ${shortened(failure.message, 160)})` : '';
    return `Attempt ${number} on worker ${workerId}: ${outcome}${time}${why}.`;
  });
}
