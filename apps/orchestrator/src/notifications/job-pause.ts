/** Pauses a job at a fault that no second try can mend, and tells people so in the same step. */
import {
  formatLocation,
  openTaskStates,
  pauseJob,
  sumOver,
  type Failure,
  type Job,
  type Notification,
} from '@longshore/core';

export interface PauseFacts {
  now: number;
  /** Who met the fault, as a sentence. */
  where: string;
}

/**
 * A job that does not run stays as it is, so what fails the same way after it tells nobody a second time. Also told where the end of the
 * whole run is one mail: a run that waits for a person never comes to its end.
 */
export function pauseAndTell(job: Job, why: Failure, facts: PauseFacts): { job: Job; notifications: Notification[] } {
  if (job.state !== 'running') return { job, notifications: [] };
  const paused = pauseJob(job, why);
  return { job: paused, notifications: [newsOf(paused, why, facts)] };
}

function newsOf(job: Job, why: Failure, { now, where }: PauseFacts): Notification {
  const { input, output, plugin } = job.spec;
  const lines = [
    `The job is paused, because a second try cannot help (${why.code}): ${why.message}`,
    where,
    ...(why.objectKey === undefined ? [] : [`It happened with the object ${why.objectKey}.`]),
    `The input is ${formatLocation(input)}, results lie in ${formatLocation(output)}.`,
    progressOf(job),
    'Nothing is lost. Nothing new of it is begun until somebody resumes it, and machines that wait for it go on running.',
    `Mend the cause, then go on with: longshore resume ${job.id}`,
  ];
  return {
    id: `job-paused:${job.id}:${now}`,
    subject: `Job ${job.id} (${plugin}) paused: ${why.code}`,
    text: lines.join('\n'),
  };
}

function progressOf({ counts, scan, objectsDoneBefore = 0 }: Job): string {
  const { objects } = counts;
  const known = sumOver(objects, [...openTaskStates, 'completed', 'dead']);
  const all = scan === 'done' ? `${known} objects` : `${known} objects listed so far`;
  const before = objectsDoneBefore > 0 ? ` ${objectsDoneBefore} of all were done before this job.` : '';
  return `So far ${objects.completed} of ${all} are done, ${objects.dead} are set aside.${before}`;
}
