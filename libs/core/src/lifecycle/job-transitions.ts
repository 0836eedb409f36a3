/** The life of a job as one table. */
import { LongshoreError } from '../errors/longshore-error.js';
import type { JobState } from '../words/job.js';

export type JobEvent = 'start' | 'complete' | 'fail' | 'cancel' | 'pause' | 'resume' | 'redrive';

export const jobTransitions: readonly { from: JobState; event: JobEvent; to: JobState }[] = [
  { from: 'pending', event: 'start', to: 'running' },
  { from: 'pending', event: 'fail', to: 'failed' },
  { from: 'pending', event: 'cancel', to: 'cancelled' },
  { from: 'running', event: 'complete', to: 'completed' },
  { from: 'running', event: 'fail', to: 'failed' },
  { from: 'running', event: 'cancel', to: 'cancelled' },
  { from: 'running', event: 'pause', to: 'paused' },
  { from: 'paused', event: 'resume', to: 'running' },
  { from: 'paused', event: 'fail', to: 'failed' },
  { from: 'paused', event: 'cancel', to: 'cancelled' },
  { from: 'completed', event: 'redrive', to: 'running' },
  { from: 'failed', event: 'redrive', to: 'running' },
];

/** @throws LongshoreError `transition-refused` where the table has no such line. */
export function nextJobState(from: JobState, event: JobEvent): JobState {
  const found = jobTransitions.find((line) => line.from === from && line.event === event);
  if (!found) throw new LongshoreError('transition-refused', `A job that is ${from} cannot be changed by "${event}".`);
  return found.to;
}
