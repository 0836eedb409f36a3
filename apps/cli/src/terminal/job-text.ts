/** A job in words, for people at a terminal. */
import { endedJobStates } from '@longshore/core';
import type { JobAnalyticsAnswer, JobSummary, TaskAnswer } from '@longshore/core/protocol';

/** How fast a job goes now, as the orchestrator reckons it; nothing where that cannot be said. */
export type Pace = Pick<JobAnalyticsAnswer, 'objects_per_second' | 'seconds_left'>;

/** Objects that are on their way or done; those of split tasks are counted in their parts. */
export function objectTotals(job: JobSummary): { total: number; done: number; dead: number; running: number } {
  const { available, leased, accepted, completed, dead, cancelled } = job.objects;
  return {
    total: available + leased + accepted + completed + dead + cancelled,
    done: completed,
    dead,
    running: leased + accepted,
  };
}

export function progressLine(job: JobSummary, pace?: Pace): string {
  const { total, done, dead, running } = objectTotals(job);
  const more = job.scan === 'done' || endedJobStates.includes(job.state) ? '' : '+';
  const aside = dead > 0 ? `, ${dead} set aside` : '';
  const speed = paceText(pace);
  return `${done} of ${total}${more} objects done, ${running} running${aside}${speed === '' ? '' : `, ${speed}`}`;
}

export function paceText({ objects_per_second: rate, seconds_left: left }: Pace = {}): string {
  if (rate === undefined) return '';
  const shown = rate < 1 ? `${(rate * 60).toFixed(1)} a minute` : `${rate.toFixed(rate < 10 ? 1 : 0)} a second`;
  return `${shown}${left === undefined ? '' : `, about ${duration(left)} left`}`;
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

export function progressBar(job: JobSummary, pace?: Pace, width = 24): string {
  const { total, done, dead } = objectTotals(job);
  const filled = total === 0 ? 0 : Math.round((width * (done + dead)) / total);
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${progressLine(job, pace)}`;
}

export function endLines(job: JobSummary, dead: readonly TaskAnswer[]): string[] {
  const { done, total } = objectTotals(job);
  const lines = [
    `${job.state}: ${done} of ${total} objects done, results in ${printable(job.output)}`,
    ...doneBefore(job),
  ];
  if (job.objects_unverified !== undefined) {
    lines.push(`${job.objects_unverified} of them on the word of legacy workers; nobody has looked at their outputs`);
  }
  if (job.state !== 'completed' && job.failure) lines.push(printable(job.failure.message));
  for (const task of dead) {
    const [first = '', ...others] = task.file_names;
    lines.push(`  set aside: ${printable(first)}${others.length > 0 ? ` and ${others.length} more` : ''}`);
    if (task.failure) lines.push(`    ${printable(task.failure.message)}`);
    for (const line of lastLines(task.failure?.log)) lines.push(`    | ${printable(line)}`);
  }
  return lines;
}

/** What was not run, because it was done. */
function doneBefore({ objects, objects_done_before: before, skip }: JobSummary): string[] {
  if (before === 0) return [];
  const run = skip.by === 'outputs' ? objects.completed : objects.completed - before;
  const rest = run + objects.dead;
  const were = before === 1 ? '1 object was' : `${before} objects were`;
  const others = rest === 0 ? 'nothing was run' : rest === 1 ? '1 was run' : `${rest} were run`;
  return [`${were} done already; ${others}.`];
}

/**
 * Names and logs come from strangers; escape sequences in them must not reach the terminal, nor marks that show a name in another order than
 * it has.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  });
}

/** The last lines a container printed. */
export function lastLines(log: string | undefined): string[] {
  return (log ?? '')
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .slice(-5);
}
