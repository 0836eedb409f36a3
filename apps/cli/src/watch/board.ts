/** Everything about a job on one screen, whatever its size. */
import cliTruncate from 'cli-truncate';
import { endedJobStates } from '@longshore/core';
import type { JobAnswer } from '@longshore/core/protocol';
import { duration, objectTotals, paceText, printable } from '../terminal/job-text.js';
import type { Snapshot } from './snapshot.js';

export interface Screen {
  columns: number;
  rows: number;
  /** Milliseconds since 1970. */
  now: number;
  /** The newest last. */
  news: readonly string[];
  isLost: boolean;
}

const widestBar = 40;

/** No line is wider than the screen, and there are fewer of them than it has rows. */
export function board(snapshot: Snapshot, { columns, rows, now, news, isLost }: Screen): string[] {
  const { job } = snapshot;
  const head = [
    `${printable(job.plugin)}  ${job.id}`,
    [job.state, age(job, now), isLost ? 'connection lost, asking again' : ''].filter((text) => text !== '').join(', '),
    bar(job, columns),
    states(job),
    job.state === 'running' ? paceText(snapshot.numbers) : '',
    ...workers(snapshot),
    ...(job.failure && job.state === 'paused'
      ? [printable(job.failure.message), `resume: longshore resume ${job.id}`]
      : []),
  ].filter((line) => line !== '');
  const causes = failures(snapshot);
  const room = Math.max(0, rows - 1 - head.length);
  const forNews = Math.min(news.length, room - causes.length - 1);
  const shown = forNews > 0 ? ['newest', ...news.slice(-forNews).map((line) => `  ${line}`)] : [];
  const lines = [...head, ...causes, ...shown].slice(0, Math.max(1, rows - 1));
  return lines.map((line) => cliTruncate(line, Math.max(1, columns - 1)));
}

function age({ started_at: from, ended_at: to }: JobAnswer, now: number): string {
  if (from === undefined) return '';
  return duration(Math.max(0, (to === undefined ? now : Date.parse(to)) - Date.parse(from)) / 1000);
}

function bar(job: JobAnswer, columns: number): string {
  const { total, done, dead } = objectTotals(job);
  const share = total === 0 ? 0 : (done + dead) / total;
  const text = `${Math.floor(100 * share)} %  ${done} of ${total}${job.scan === 'done' ? '' : '+'}`;
  const width = Math.min(widestBar, columns - text.length - 5);
  if (width < 5) return text;
  const filled = Math.floor(width * share);
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${text}`;
}

function states({ objects }: JobAnswer): string {
  const { available, leased, accepted, dead, cancelled } = objects;
  const parts: [number, string][] = [
    [leased, 'running'],
    [accepted, 'publishing'],
    [available, 'waiting'],
    [dead, 'set aside'],
    [cancelled, 'cancelled'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} ${name}`)
    .join(', ');
}

function workers({ job, workforce }: Snapshot): string[] {
  if (!workforce || endedJobStates.includes(job.state)) return [];
  const { workers: count, busy, slots, slotsTaken } = workforce;
  if (count === 0) return job.state === 'running' ? [`no worker serves ${printable(job.plugin)}`] : [];
  return [`workers: ${busy} of ${count} busy, ${slotsTaken} of ${slots} slots`];
}

function failures({ failures: causes }: Snapshot): string[] {
  if (causes.length === 0) return [];
  return [
    'failures by cause',
    ...causes.map(({ code, pattern, failed_attempts: times, dead_objects: dead }) => {
      const aside = dead > 0 ? `, ${dead} set aside` : '';
      return `  ${times}${aside}  ${code}: ${printable(pattern)}`;
    }),
  ];
}
