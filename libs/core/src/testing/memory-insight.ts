/** What people ask of the job store that forgets, counted whenever somebody asks where that is fast enough for tests. */
import { durationBucket, type DurationCount } from '../lifecycle/durations.js';
import { canBeRedriven } from '../lifecycle/redrive-rules.js';
import { failureGroupsPerJob, failureKind, manifoldKind } from '../lifecycle/failure-groups.js';
import { emptyCounts } from '../lifecycle/job-rules.js';
import { stepOf, type Tally } from '../lifecycle/tallies.js';
import { JobInsight, type FailureGroup, type JobSearch, type VitalSigns, type WorkStep } from '../ports/job-insight.js';
import type { Page, PageRequest } from '../ports/store-exchange.js';
import type { Attempt } from '../words/attempt.js';
import type { Failure } from '../words/failure.js';
import { searchText, type Job, type JobCounts, type JobState } from '../words/job.js';
import { summaryOf, type TaskSummary } from '../words/task-summary.js';
import { taskStates, type Task, type TaskState } from '../words/task.js';
import type { Worker, WorkerState } from '../words/worker.js';
import { vitalSignsOf } from './memory-vital-signs.js';
import { behind, firstPage } from './memory-pages.js';

/** What is stored, in the order in which it came. */
export interface MemoryRecords {
  jobs(): Job[];
  /** By position. */
  tasksOf(jobId: string): Task[];
  heldTasks(): Task[];
  attemptsOf(taskId: string): Attempt[];
  workers(): Worker[];
  /** Notifications that are not sent. */
  unsent(): { failures: number }[];
}

export class MemoryInsight extends JobInsight {
  private readonly groups = new Map<string, Map<string, FailureGroup>>();
  private readonly groupOf = new Map<string, string>();
  private readonly spans = new Map<string, Map<number, DurationCount>>();
  private readonly steps = new Map<string, Map<number, WorkStep>>();

  constructor(private readonly records: MemoryRecords) {
    super();
  }

  /** What a change of a task has added. */
  count(task: Task, { completed, failed, died, revived }: Tally, now: number): void {
    const step = this.stepAt(task.jobId, now);
    if (completed) {
      step.tasks += 1;
      step.objects += completed.objects;
      step.bytes += completed.bytes;
      if (completed.heldMs !== undefined) for (const key of [task.jobId, '']) this.countDuration(key, completed.heldMs);
    }
    if (failed) {
      step.failedAttempts += 1;
      this.groupFor(task, failed, now).attempts += 1;
    }
    if (revived) this.bury(task, -1);
    if (died) {
      this.groupOf.set(task.id, this.groupFor(task, died, now).id);
      this.bury(task, 1);
    }
  }

  async searchJobs({ limit, after, search = '', state }: JobSearch): Promise<Page<Job> & { total: number }> {
    const found = this.records
      .jobs()
      .reverse()
      .filter((job) => (state === undefined || job.state === state) && searchText(job).includes(search.toLowerCase()));
    return { ...copied(firstPage(behind(found, after), limit)), total: found.length };
  }

  async taskSummaries(
    jobId: string,
    { limit, after, state }: PageRequest & { state?: TaskState | undefined },
  ): Promise<Page<TaskSummary>> {
    const rest = behind(this.records.tasksOf(jobId), after).filter((task) => !state || task.state === state);
    return copied(firstPage(rest.map(summaryOf), limit));
  }

  async deadLetters(
    jobId: string,
    { group, ...page }: PageRequest & { group?: string | undefined },
  ): Promise<Page<TaskSummary>> {
    const rest = behind(this.records.tasksOf(jobId), page.after).filter(({ state }) => state === 'dead');
    const wanted = rest.filter(({ id }) => group === undefined || this.groupOf.get(id) === group);
    return copied(firstPage(wanted.map(summaryOf), page.limit));
  }

  async failureGroups(jobId: string, { limit, after }: PageRequest): Promise<Page<FailureGroup>> {
    const groups = [...(this.groups.get(jobId)?.values() ?? [])].sort(
      (one, other) => other.objects - one.objects || other.attempts - one.attempts || (one.id < other.id ? -1 : 1),
    );
    return copied(firstPage(behind(groups, after), limit));
  }

  async attempts(taskId: string, { limit, after }: PageRequest): Promise<Page<Attempt>> {
    const rest = this.records.attemptsOf(taskId).filter(({ number }) => number > Number(after ?? 0));
    const items = rest.slice(0, limit).map(({ log: _long, ...attempt }) => attempt);
    return copied({ items, ...(rest.length > limit && { next: String(items.at(-1)?.number) }) });
  }

  async workers({ limit, after, state }: PageRequest & { state?: WorkerState | undefined }): Promise<Page<Worker>> {
    const rest = behind(this.records.workers().reverse(), after).filter((one) => !state || one.state === state);
    return copied(firstPage(rest, limit));
  }

  async heldBy(workerId: string): Promise<TaskSummary[]> {
    return longestFirst(this.records.heldTasks().filter(({ lease }) => lease?.workerId === workerId));
  }

  async availableFrom(jobId: string, limit: number): Promise<number[]> {
    const waiting = this.records.tasksOf(jobId).filter(({ state }) => state === 'available');
    return waiting.slice(0, limit).map(({ availableAt }) => availableAt);
  }

  async longestHeld(jobId: string, limit: number): Promise<TaskSummary[]> {
    const held = this.records.heldTasks().filter((task) => task.jobId === jobId && task.state === 'leased');
    return longestFirst(held).slice(0, limit);
  }

  async durations(jobId = ''): Promise<DurationCount[]> {
    return copied([...(this.spans.get(jobId)?.values() ?? [])]);
  }

  async work(jobId: string, { from, to, stepMs }: { from: number; to: number; stepMs: number }): Promise<WorkStep[]> {
    const sums = new Map<number, WorkStep>();
    for (const step of this.steps.get(jobId)?.values() ?? []) {
      if (step.at < from || step.at >= to) continue;
      const at = from + Math.floor((step.at - from) / stepMs) * stepMs;
      const sum = sums.get(at) ?? { at, tasks: 0, objects: 0, bytes: 0, failedAttempts: 0 };
      sum.tasks += step.tasks;
      sum.objects += step.objects;
      sum.bytes += step.bytes;
      sum.failedAttempts += step.failedAttempts;
      sums.set(at, sum);
    }
    const worked = [...sums.values()].filter(({ tasks, failedAttempts }) => tasks + failedAttempts > 0);
    return worked.sort((one, other) => one.at - other.at);
  }

  async jobsByPlugin(): Promise<{ plugin: string; count: number }[]> {
    return counted(this.records.jobs().map(({ spec }) => spec.plugin)).map(([plugin, count]) => ({ plugin, count }));
  }

  async jobsByState(): Promise<{ state: JobState; count: number }[]> {
    return counted(this.records.jobs().map(({ state }) => state)).map(([state, count]) => ({ state, count }));
  }

  async jobsByDay(since: number): Promise<{ day: string; count: number }[]> {
    const days = this.records.jobs().flatMap(({ createdAt }) => (createdAt < since ? [] : dayOf(createdAt)));
    return counted(days).map(([day, count]) => ({ day, count }));
  }

  async totals(): Promise<JobCounts> {
    const sums: JobCounts = { tasks: emptyCounts(), objects: emptyCounts(), bytes: emptyCounts() };
    for (const { counts } of this.records.jobs()) {
      for (const what of ['tasks', 'objects', 'bytes'] as const)
        for (const state of taskStates) sums[what][state] += counts[what][state];
    }
    return sums;
  }

  async vitalSigns(): Promise<VitalSigns> {
    return vitalSignsOf(this.records);
  }

  private stepAt(jobId: string, now: number): WorkStep {
    const steps = this.steps.get(jobId) ?? new Map<number, WorkStep>();
    this.steps.set(jobId, steps);
    const at = stepOf(now);
    const step = steps.get(at) ?? { at, tasks: 0, objects: 0, bytes: 0, failedAttempts: 0 };
    steps.set(at, step);
    return step;
  }

  private countDuration(key: string, ms: number): void {
    const spans = this.spans.get(key) ?? new Map<number, DurationCount>();
    this.spans.set(key, spans);
    const bucket = durationBucket(ms);
    const span = spans.get(bucket) ?? { bucket, count: 0, sumMs: 0, minMs: ms, maxMs: ms };
    spans.set(bucket, {
      bucket,
      count: span.count + 1,
      sumMs: span.sumMs + ms,
      minMs: Math.min(span.minMs, ms),
      maxMs: Math.max(span.maxMs, ms),
    });
  }

  /** The group of this failure, whose last example it becomes. */
  private groupFor(task: Task, why: Failure, now: number): FailureGroup {
    const groups = this.groups.get(task.jobId) ?? new Map<string, FailureGroup>();
    this.groups.set(task.jobId, groups);
    const kind = failureKind(why);
    const { id, pattern } = groups.has(kind.id) || groups.size < failureGroupsPerJob ? kind : manifoldKind(why);
    const fresh = {
      id,
      class: why.class,
      code: why.code,
      pattern,
      attempts: 0,
      tasks: 0,
      objects: 0,
      refused: 0,
      firstAt: now,
    };
    const group = { ...fresh, ...groups.get(id), lastAt: now, exampleTaskId: task.id, example: why.message };
    groups.set(id, group);
    return group;
  }

  /** Counts a dead letter in, or out. */
  private bury(task: Task, sign: 1 | -1): void {
    const group = this.groups.get(task.jobId)?.get(this.groupOf.get(task.id) ?? '');
    if (sign < 0) this.groupOf.delete(task.id);
    if (!group) return;
    group.tasks += sign;
    group.objects += sign * task.objects.length;
    if (task.state === 'dead' && !canBeRedriven(task)) group.refused += task.objects.length;
  }
}

function longestFirst(tasks: readonly Task[]): TaskSummary[] {
  const held = [...tasks].sort((one, other) => (one.lease?.leasedAt ?? 0) - (other.lease?.leasedAt ?? 0));
  return copied(held.map(summaryOf));
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Most first, then by name. */
function counted<T extends string>(values: readonly T[]): [T, number][] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
}

function copied<T>(value: T): T {
  return structuredClone(value);
}
