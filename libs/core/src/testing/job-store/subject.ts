/** What a job store has to bring to its contract, and the steps that the contract takes with it again and again. */
import { expect } from '@jest/globals';
import { emptyCounts } from '../../lifecycle/job-rules.js';
import { nextJobState } from '../../lifecycle/job-transitions.js';
import { grantLease } from '../../lifecycle/lease-rules.js';
import type { JobStore } from '../../ports/job-store.js';
import type { LeaseQuery, NewJob, Page, PageRequest } from '../../ports/store-exchange.js';
import type { Job, JobCounts } from '../../words/job.js';
import { summaryOf } from '../../words/task-summary.js';
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
  const { workerId = 'worker', plugins = [], now = builtAt, limit = 1, taskId, fit } = query;
  return store.leaseTasks({ plugins, now, limit, taskId, fit }, (task) =>
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

/** What people are told of a job, beside what its tasks say. */
export async function expectInsight(store: JobStore, jobId: string, tasks: readonly Task[]): Promise<void> {
  const { insight } = store;
  expect(await everyPage((page) => insight.taskSummaries(jobId, page), 100)).toEqual(tasks.map(summaryOf));
  const dead = tasks.filter(({ state }) => state === 'dead');
  const groups = await everyPage((page) => insight.failureGroups(jobId, page), 100);
  const letters = groups.map(({ id: group }) =>
    everyPage((page) => insight.deadLetters(jobId, { ...page, group }), 50),
  );
  const listed = (await Promise.all(letters)).flatMap((inGroup, index) => {
    expect([groups[index]?.tasks, groups[index]?.objects]).toEqual([
      inGroup.length,
      inGroup.reduce((sum, { objectCount }) => sum + objectCount, 0),
    ]);
    return inGroup;
  });
  expect(ids(listed).sort()).toEqual(ids(dead).sort());
  const attempts = (await Promise.all(tasks.map(({ id }) => store.listAttempts(id)))).flat();
  const ended = attempts.filter(({ outcome, failure }) => outcome !== 'running' && failure !== undefined);
  expect(groups.reduce((sum, group) => sum + group.attempts, 0)).toBe(ended.length);
  const work = await insight.work(jobId, { from: 0, to: Number.MAX_SAFE_INTEGER, stepMs: 10_000 });
  expect(work.reduce((sum, step) => sum + step.failedAttempts, 0)).toBe(ended.length);
  expect(work.reduce((sum, step) => sum + step.tasks, 0)).toBe(
    tasks.filter(({ state }) => state === 'completed').length,
  );
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
