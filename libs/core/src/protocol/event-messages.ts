/** What the event stream tells. Each event says what has changed; the whole of it is asked for by its own route. */
import type { Job, JobState, ScanState } from '../words/job.js';
import type { Task, TaskState } from '../words/task.js';
import type { Worker, WorkerState } from '../words/worker.js';
import { taskTotals } from './job-messages.js';

export interface JobEvent {
  job_id: string;
  state: JobState;
  scan: ScanState;
  total_tasks: number;
  completed_tasks: number;
  failed_tasks: number;
  objects_listed: number;
  objects: Record<TaskState, number>;
}

export interface TaskEvent {
  job_id: string;
  task_id: string;
  state: TaskState;
  attempt: number;
  worker_id?: string;
}

/** More tasks changed at once than are told one by one. */
export interface ManyTasksEvent {
  job_id: string;
  count: number;
}

export interface WorkerEvent {
  worker_id: string;
  state: WorkerState;
  draining: boolean;
}

/** What happened since the last event that the reader knows is not known any more: ask for everything anew, then go on from here. */
export interface ResyncEvent {
  reason: 'unknown-event' | 'too-long-ago';
}

export type StreamEvent =
  | { event: 'job'; data: JobEvent }
  | { event: 'task'; data: TaskEvent }
  | { event: 'tasks'; data: ManyTasksEvent }
  | { event: 'worker'; data: WorkerEvent }
  | { event: 'resync'; data: ResyncEvent };

export function jobEvent(job: Job): JobEvent {
  return {
    job_id: job.id,
    state: job.state,
    scan: job.scan,
    ...taskTotals(job.counts),
    objects_listed: job.objectsListed,
    objects: job.counts.objects,
  };
}

export function taskEvent({ id, jobId, state, fence, lease }: Task): TaskEvent {
  return { job_id: jobId, task_id: id, state, attempt: fence, ...(lease && { worker_id: lease.workerId }) };
}

export function workerEvent({ id, state, draining }: Worker): WorkerEvent {
  return { worker_id: id, state, draining: draining ?? false };
}
