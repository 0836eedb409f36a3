/** What a job store has to bring to its contract, and the steps that the contract takes with it again and again. */
import { emptyCounts } from '../../lifecycle/job-rules.js';
import { nextJobState } from '../../lifecycle/job-transitions.js';
import { grantLease } from '../../lifecycle/lease-rules.js';
import type { JobStore, LeaseQuery, NewJob, Page, PageRequest } from '../../ports/job-store.js';
import type { Job, JobCounts } from '../../words/job.js';
import { taskBytes, type NewTask, type Task } from '../../words/task.js';
import { aJobSpec, builtAt } from '../builders.js';

export interface JobStoreSubject {
  store: JobStore;
  /** Closes the store and opens it again from what it has kept. Absent where nothing is kept. */
  reopen?: () => Promise<JobStore>;
  /** Called after each test, with the last store that was opened still open. */
  close(): Promise<void>;
}

/** A job that is being worked on, of a plugin of its own unless the spec names another. */
export async function runningJob(store: JobStore, id: string, job: Partial<NewJob> = {}): Promise<Job> {
  await store.createJob({ id, spec: aJobSpec({ plugin: `plugin-${id}` }), createdAt: builtAt, ...job });
  return store.changeJob(id, (found) => ({ job: { ...found, state: nextJobState(found.state, 'start') } }));
}

/** Stores tasks as the planner does. */
export async function addTasks(store: JobStore, jobId: string, tasks: NewTask[], now = builtAt): Promise<Job> {
  const listed = tasks.reduce((sum, task) => sum + task.objects.length, 0);
  return store.recordScan(jobId, { tasks, objectsListed: listed, objectsSkipped: 0, done: true }, now);
}

export function lease(store: JobStore, query: Partial<LeaseQuery> & { workerId?: string } = {}): Promise<Task[]> {
  const { workerId = 'worker', plugins = [], now = builtAt, limit = 1, fit } = query;
  return store.leaseTasks({ plugins, now, limit, fit }, (task) =>
    grantLease(task, { assignmentId: `${task.id}.${task.fence + 1}`, workerId, now, leaseMs: 30_000 }),
  );
}

/** Everything a paged question has to say, asked for in small pages. */
export async function everyPage<T>(ask: (request: PageRequest) => Promise<Page<T>>, limit = 3): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page = await ask({ limit, ...(after !== undefined && { after }) });
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return items;
}

export function everyTask(store: JobStore, jobId: string): Promise<Task[]> {
  return everyPage((request) => store.listTasks(jobId, request));
}

/** The totals as they must be. */
export function countsOf(tasks: readonly Task[]): JobCounts {
  const counts = { tasks: emptyCounts(), objects: emptyCounts(), bytes: emptyCounts() };
  for (const task of tasks) {
    counts.tasks[task.state] += 1;
    counts.objects[task.state] += task.objects.length;
    counts.bytes[task.state] += taskBytes(task);
  }
  return counts;
}

export function ids(items: readonly { id: string }[]): string[] {
  return items.map(({ id }) => id);
}
