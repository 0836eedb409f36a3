/** What a job learns of its speed with each task that was done, and how long it expects one to take. */
import { isAdaptive } from '../batching/batching-rule.js';
import { costOf, learn, secondsOf } from '../batching/pace.js';
import type { Job } from '../words/job.js';
import { taskBytes, type Task } from '../words/task.js';

/** The job, knowing how long the task took; nothing where its tasks are of a fixed size. */
export function withPace(job: Job, task: Task, workedMs: number): Job | undefined {
  if (!isAdaptive(job.spec.batching)) return undefined;
  const { leased, accepted } = job.counts.tasks;
  const { objects } = task;
  const sample = { objects: objects.length, bytes: taskBytes(task), seconds: workedMs / 1_000 };
  return { ...job, pace: learn(job.pace, { ...sample, held: leased + accepted }) };
}

/** Undefined where nothing is known. */
export function expectedMs({ pace }: Pick<Job, 'pace'>, task: Pick<Task, 'objects'>): number | undefined {
  if (!pace) return undefined;
  return 1_000 * secondsOf(costOf(pace), { objects: task.objects.length, bytes: taskBytes(task) });
}
