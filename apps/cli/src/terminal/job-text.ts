/** A job in words, for people at a terminal. */
import { endedJobStates } from '@longshore/core';
import type { JobSummary, TaskAnswer } from '@longshore/core/protocol';

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

/** @param now milliseconds since 1970; without it nothing is said of speed */
export function progressLine(job: JobSummary, now?: number): string {
  const { total, done, dead, running } = objectTotals(job);
  const more = job.scan === 'done' || endedJobStates.includes(job.state) ? '' : '+';
  const aside = dead > 0 ? `, ${dead} set aside` : '';
  return `${done} of ${total}${more} objects done, ${running} running${aside}${now === undefined ? '' : speed(job, now)}`;
}

/** Mean rate since the job started, and the time the rest takes at that rate once the listing is complete. */
function speed(job: JobSummary, now: number): string {
  const { total, done, dead } = objectTotals(job);
  const made = done - job.objects_done_before;
  const seconds = (now - Date.parse(job.started_at ?? '')) / 1000;
  if (made <= 0 || !(seconds > 0)) return '';
  const perSecond = made / seconds;
  const left = job.scan === 'done' ? `, about ${duration((total - done - dead) / perSecond)} left` : '';
  return `, ${perSecond.toFixed(perSecond < 10 ? 1 : 0)} a second${left}`;
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

export function progressBar(job: JobSummary, now?: number, width = 24): string {
  const { total, done, dead } = objectTotals(job);
  const filled = total === 0 ? 0 : Math.round((width * (done + dead)) / total);
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${progressLine(job, now)}`;
}

export function endLines(job: JobSummary, dead: readonly TaskAnswer[]): string[] {
  const { done, total } = objectTotals(job);
  const lines = [`${job.state}: ${done} of ${total} objects done, results in ${job.output}`, ...doneBefore(job)];
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
