/** When a job is over, and how it ended. */
import { failure, type Failure } from '../words/failure.js';
import { openTaskStates, sumOver, type TaskState } from '../words/index.js';
import { LongshoreError } from '../errors/longshore-error.js';
import { endedJobStates, type Job } from '../words/job.js';
import { toleratedObjects } from './tolerance.js';
import { nextJobState } from './job-transitions.js';

/** True when the listing is complete, no task has work left, and none is to get it. */
export function isSettled(job: Job): boolean {
  return job.scan === 'done' && sumOver(job.counts.tasks, openTaskStates) === 0 && !job.redrives?.length;
}

/** Ends a settled job: completed, or failed with the sentence that says why. */
export function endJob(job: Job, now: number): Job {
  const why = job.failure ?? verdict(job);
  const running = job.state === 'pending' ? nextJobState(job.state, 'start') : job.state;
  return why
    ? { ...job, state: nextJobState(running, 'fail'), failure: why, endedAt: now }
    : { ...job, state: nextJobState(running, 'complete'), endedAt: now };
}

/** Pauses a running job until a person has mended the fault; a job that is not running stays as it is. */
export function pauseJob(job: Job, why: Failure): Job {
  return job.state === 'running' ? { ...job, state: nextJobState(job.state, 'pause'), failure: why } : job;
}

/** @throws LongshoreError `transition-refused` for a job that gets no more tasks */
export function refuseEnded({ id, state }: Job): void {
  if (endedJobStates.includes(state)) throw new LongshoreError('transition-refused', `Job ${id} is ${state}.`);
}

function verdict(job: Job): Failure | undefined {
  const isEmpty = sumOver(job.counts.objects, ['dead', 'completed', 'cancelled']) === 0;
  if (isEmpty && (job.objectsDoneBefore ?? 0) === 0) return noObjects(job);
  const { dead } = job.counts.objects;
  const { toleratedDead } = job.spec.policy;
  if (dead <= toleratedObjects(toleratedDead, dead + job.counts.objects.completed)) return undefined;
  const tolerated = toleratedDead === 0 ? '' : `, ${toleratedDead} were tolerated`;
  const aside = dead === 1 ? 'is set aside as a dead letter' : 'are set aside as dead letters';
  return failure(
    'command-failed',
    `${dead} of ${dead + job.counts.objects.completed} objects ${aside}${tolerated}. ` +
      'Each one says why; mend the cause and redrive them, or submit the job again where you replaced an input.',
  );
}

function noObjects(job: Job): Failure {
  const { include, exclude } = job.spec;
  const seen =
    job.objectsListed === 0
      ? 'nothing is there'
      : `${job.objectsListed} objects are there, but none matches ${patterns(include, exclude)}`;
  return failure('no-objects', `There is nothing to do under the input: ${seen}. Check the prefix and the patterns.`);
}

function patterns(include: string[], exclude: string[]): string {
  const wanted = `include ${include.join(', ')}`;
  return exclude.length === 0 ? wanted : `${wanted} without exclude ${exclude.join(', ')}`;
}

export function emptyCounts(): Record<TaskState, number> {
  return { available: 0, leased: 0, accepted: 0, completed: 0, dead: 0, split: 0, cancelled: 0 };
}
