/** A task as it begins: available, dead at once where its object was refused, or completed where earlier jobs have done its objects. */
import type { Job } from '../words/job.js';
import type { NewTask, Task } from '../words/task.js';

export function newTaskRecord(job: Pick<Job, 'id' | 'spec'>, task: NewTask, now: number): Task {
  const { id, position, objects, group, uncut, refusal, carried } = task;
  return {
    id,
    jobId: job.id,
    position,
    state: refusal ? 'dead' : carried ? 'completed' : 'available',
    objects,
    failedAttempts: 0,
    losses: 0,
    maxAttempts: job.spec.policy.maxAttempts,
    maxLosses: job.spec.policy.maxLosses,
    fence: 0,
    availableAt: now,
    createdAt: now,
    ...(group && { group }),
    ...(uncut && !refusal && !carried && { uncut }),
    ...(refusal && { failure: refusal, endedAt: now }),
    ...(carried && { manifest: carried, carried: true, endedAt: now }),
  };
}
