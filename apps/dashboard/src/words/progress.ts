/** How far a job is. */
import type { JobSummary } from '@longshore/core/protocol';

type Counted = Pick<JobSummary, 'objects' | 'scan' | 'state' | 'started_at' | 'ended_at'>;

/** The states objects can be in, in the order of their way; those of split tasks are counted in the parts. */
export const objectStates = ['completed', 'accepted', 'leased', 'dead', 'cancelled', 'available'] as const;

export function totalOf({ objects }: Pick<Counted, 'objects'>): number {
  return objectStates.reduce((sum, state) => sum + objects[state], 0);
}

export function isOver({ state }: Pick<Counted, 'state'>): boolean {
  return ['completed', 'failed', 'cancelled'].includes(state);
}

/** Objects a second since the job started; undefined before anything is done. */
export function meanRate(job: Counted, nowMs: number): number | undefined {
  if (job.started_at === undefined || job.objects.completed === 0) return undefined;
  const end = job.ended_at === undefined ? nowMs : Date.parse(job.ended_at);
  const seconds = (end - Date.parse(job.started_at)) / 1000;
  return seconds > 0 ? job.objects.completed / seconds : undefined;
}

/** At the speed so far; undefined while the listing goes on, because nobody knows how much there is. */
export function secondsLeft(job: Counted, nowMs: number): number | undefined {
  if (job.state !== 'running' || job.scan !== 'done') return undefined;
  const rate = meanRate(job, nowMs);
  if (rate === undefined) return undefined;
  const { available, leased, accepted } = job.objects;
  return (available + leased + accepted) / rate;
}
