/** Why a job waits, fails or is done, with the arithmetic. */
import {
  costOf,
  endedJobStates,
  isCutByTime,
  toleratedObjects,
  workOf,
  type ErrorCode,
  type Job,
  type TaskSummary,
  type Worker,
} from '@longshore/core';
import { count, duration, nobody, shortened, those } from './wording.js';

export interface Reason {
  code: ErrorCode;
  /** Dead letters, and an object and the message of one of them. */
  tasks: number;
  key: string | undefined;
  example: string;
}

export interface JobFacts {
  job: Job;
  /** Why its dead letters are dead. */
  reasons: readonly Reason[];
  /** From when on its first available tasks may be leased. */
  availableFrom: readonly number[];
  longestHeld: TaskSummary | undefined;
  /** Those that could work on it now. */
  workers: readonly Worker[];
  /** There are some that could, but they drain. */
  isDrained: boolean;
  /** Why legacy workers that are here do not get some of it, or all. */
  legacy: readonly string[];
  /** Its listing waits for a worker to say which image it runs. */
  awaitsImage: boolean;
  now: number;
}

export function explainJob(facts: JobFacts): string[] {
  return [
    standing(facts),
    ...unverified(facts),
    ...whyNotRunning(facts),
    ...doneBefore(facts),
    ...waiting(facts),
    ...cutting(facts),
    ...notForLegacy(facts),
    ...working(facts),
    ...deadLetters(facts),
  ];
}

function standing({ job }: JobFacts): string {
  const { completed, dead, cancelled, available, leased, accepted } = job.counts.objects;
  const open = available + leased + accepted;
  const parts = [`${completed} done`, `${dead} dead`, `${open} left`];
  if (cancelled > 0) parts.push(`${cancelled} cancelled`);
  return `Job ${job.id} (${job.spec.plugin}) is ${job.state}: of its objects ${parts.join(', ')}${listing(job)}.`;
}

function listing({ scan, state, objectsListed }: Job): string {
  if (scan === 'done') return '';
  const found = count(objectsListed, 'object');
  return endedJobStates.includes(state)
    ? `; the listing never came to its end, ${found} were found`
    : `; the listing goes on, ${found} so far`;
}

function unverified({ job: { objectsUnverified } }: JobFacts): string[] {
  if (objectsUnverified === undefined) return [];
  return [
    `${those(objectsUnverified, 'object', ['is', 'are'])} done on the word of legacy workers, and nobody has looked at ${objectsUnverified === 1 ? 'its' : 'their'} outputs.`,
  ];
}

function notForLegacy({ job, legacy }: JobFacts): string[] {
  if (job.state !== 'running' || job.counts.tasks.available === 0) return [];
  return legacy.map((why) => `Legacy workers leave tasks of it alone: ${why}.`);
}

function whyNotRunning({ job }: JobFacts): string[] {
  const why = job.failure === undefined ? '' : ` ${job.failure.message}`;
  switch (job.state) {
    case 'pending':
      return ['Its input is about to be listed.'];
    case 'paused':
      return why === ''
        ? [`Somebody paused it; run it on with: longshore resume ${job.id}`]
        : [`It is paused because a second try cannot help:${why} Once that is mended: longshore resume ${job.id}`];
    case 'failed':
      return [`It failed:${why}`];
    case 'completed':
      return job.counts.objects.dead === 0 ? [] : [tolerance(job)];
    default:
      return [];
  }
}

function doneBefore({ job, awaitsImage }: JobFacts): string[] {
  const { plugin, skip } = job.spec;
  const found = job.objectsDoneBefore ?? 0;
  const how =
    skip?.by === 'outputs' ? 'their outputs were found' : 'earlier jobs did them with the same parameters and image';
  return [
    ...(found > 0 ? [`${those(found, 'object', ['was', 'were'])} done before: ${how}.`] : []),
    ...(awaitsImage
      ? [
          'The listing waits for a worker: whether objects are done hangs on the image, and only workers know which one ' +
            `they run. Start one with: longshore worker --plugin ${plugin} (or submit with --skip none)`,
        ]
      : []),
  ];
}

function tolerance(job: Job): string {
  const { dead, completed } = job.counts.objects;
  const { toleratedDead } = job.spec.policy;
  const allowed = toleratedObjects(toleratedDead, dead + completed);
  const share = typeof toleratedDead === 'string' ? ` (${toleratedDead} of ${dead + completed})` : '';
  return `It counts as completed because ${dead} dead objects are no more than the ${allowed}${share} it tolerates.`;
}

function waiting({ job, availableFrom, workers, isDrained, now }: JobFacts): string[] {
  if (job.state !== 'running' || job.counts.tasks.available === 0) return [];
  const { plugin } = job.spec;
  if (workers.length === 0) {
    return [`${nobody(plugin, isDrained)}; start one with: longshore worker --plugin ${plugin}`];
  }
  const isReady = availableFrom.some((at) => at <= now) || availableFrom.length === 0;
  const slots = workers.reduce((sum, worker) => sum + worker.slots, 0);
  if (isReady) {
    const { tasks, objects } = job.counts;
    const wait = isCutByTime(job.spec)
      ? those(objects.available, 'object', ['waits', 'wait'])
      : those(tasks.available, 'task', ['waits', 'wait']);
    const serve = workers.length === 1 ? 'serves' : 'serve';
    return [
      `${wait} for a free slot; ${count(workers.length, 'worker')} with ${count(slots, 'slot')} ${serve} this plugin.`,
    ];
  }
  const next = Math.min(...availableFrom);
  return [
    `${those(availableFrom.length, 'task', ['waits', 'wait'])} for a retry delay; the next one may start in ${duration(next - now)}.`,
  ];
}

function cutting({ job }: JobFacts): string[] {
  const { targetSeconds = 0 } = job.spec.batching;
  if (job.state !== 'running' || job.counts.tasks.available === 0 || !isCutByTime(job.spec)) return [];
  const left = { objects: job.counts.objects.available, bytes: job.counts.bytes.available };
  const known = job.pace
    ? `what waits takes about ${duration(1_000 * workOf(costOf(job.pace), left))} of one slot`
    : 'how fast it goes is not known before the first is done';
  return [`Tasks are cut as they are asked for, to take about ${duration(targetSeconds * 1_000)} each; ${known}.`];
}

function working({ job, longestHeld, now }: JobFacts): string[] {
  const { leased, accepted } = job.counts.tasks;
  return [
    ...(longestHeld?.lease
      ? [
          `${those(leased, 'task', ['is', 'are'])} being worked on; the longest, ${longestHeld.id}, for ` +
            `${duration(now - longestHeld.lease.leasedAt)} by worker ${longestHeld.lease.workerId}.`,
        ]
      : []),
    ...(accepted > 0 ? [`${those(accepted, 'task', ['is', 'are'])} done and being published.`] : []),
  ];
}

function deadLetters({ job, reasons }: JobFacts): string[] {
  if (reasons.length === 0) return [];
  const most = reasons.toSorted((one, other) => other.tasks - one.tasks);
  const counted = most.reduce((sum, { tasks }) => sum + tasks, 0);
  const more = job.counts.tasks.dead > counted ? `, of ${counted} of them` : '';
  return [
    `Dead letters by reason${more}: ${most.map(({ code, tasks }) => `${code} ${tasks}`).join(', ')}.`,
    ...most.map(({ code, key, example }) => `${code}, for instance ${key ?? 'no object'}: ${shortened(example)}`),
    job.redrives
      ? 'Dead letters are being made available again, little by little; nobody has to do anything.'
      : `Once the cause is mended: longshore redrive ${job.id}${most.length > 1 ? ' (or --reason CODE)' : ''}; ` +
        'where an input was replaced, submit the job again instead.',
  ];
}
