/** A job store that forgets everything when its process ends: the fake of every test that needs one. */
import { isAdaptive } from '../batching/batching-rule.js';
import { cutNamed, cutTasks, type Cutting } from '../batching/cut-tasks.js';
import { largestBytes } from '../batching/piece.js';
import { LongshoreError } from '../errors/longshore-error.js';
import type { JobGroup } from '../groups/job-group.js';
import { mostDeadNamed } from '../news/facts.js';
import { emptyCounts, refuseEnded } from '../lifecycle/job-rules.js';
import { newTaskRecord } from '../lifecycle/new-task.js';
import { tallyOf } from '../lifecycle/tallies.js';
import { requestRepeated, workerUnknown } from '../ports/job-store.js';
import {
  fitLookedAt,
  type Hastened,
  type JobChange,
  type LeaseQuery,
  type NewJob,
  type Page,
  type PageRequest,
  type ScanStep,
  type Tell,
  type TaskChange,
} from '../ports/store-exchange.js';
import type { TurnOutcome, WorkerTurn } from '../ports/worker-turn.js';
import type { Attempt } from '../words/attempt.js';
import type { Job, JobCounts, JobState } from '../words/job.js';
import { taskBytes, type Task, type TaskState } from '../words/task.js';
import type { Worker } from '../words/worker.js';
import { MemoryInsight } from './memory-insight.js';
import { behind, firstPage } from './memory-pages.js';
import { MemorySideStore } from './memory-side-store.js';

/**
 * Each change runs without a pause from beginning to end, as a transaction would, and is checked before anything is touched. What goes in and
 * out is copied, so that nobody changes what is stored by changing what they hold.
 */
export class MemoryJobStore extends MemorySideStore {
  private readonly jobs = new Map<string, Job>();
  private readonly jobsByKey = new Map<string, string>();
  private readonly groups = new Map<string, JobGroup[]>();
  private readonly tasks = new Map<string, Task>();
  private readonly attempts = new Map<string, Attempt[]>();
  readonly insight = new MemoryInsight({
    jobs: () => [...this.jobs.keys()].map((id) => this.job(id)),
    tasksOf: (jobId) => this.tasksOf(jobId),
    heldTasks: () => this.held(),
    attemptsOf: (taskId) => this.attempts.get(taskId) ?? [],
    workers: () => [...this.workers.values()],
    unsent: () => this.outbox.waiting(),
  });

  async createJob({ id, spec, createdAt, idempotencyKey, groups }: NewJob): Promise<Job> {
    const existing = idempotencyKey === undefined ? undefined : this.jobsByKey.get(idempotencyKey);
    if (existing !== undefined) return this.job(existing);
    const counts = { tasks: emptyCounts(), objects: emptyCounts(), bytes: emptyCounts() };
    const scanned = { scan: 'pending', objectsListed: 0, objectsSkipped: 0 } as const;
    this.jobs.set(id, structuredClone({ id, spec, state: 'pending', ...scanned, counts, createdAt }));
    if (groups) this.groups.set(id, structuredClone([...groups]));
    if (idempotencyKey !== undefined) this.jobsByKey.set(idempotencyKey, id);
    return this.job(id);
  }

  async findJob(id: string): Promise<Job | undefined> {
    return this.jobs.has(id) ? this.job(id) : undefined;
  }

  async groupsOf(jobId: string): Promise<JobGroup[]> {
    return structuredClone(this.groups.get(jobId) ?? []);
  }

  async listJobs({ limit, after }: PageRequest): Promise<Page<Job>> {
    const rest = behind([...this.jobs.values()].reverse(), after);
    const jobs = rest.map(({ id }) => this.job(id));
    return firstPage(jobs, limit);
  }

  async jobsIn(states: readonly JobState[]): Promise<Job[]> {
    return [...this.jobs.values()].filter(({ state }) => states.includes(state)).map(({ id }) => this.job(id));
  }

  async changeJob(id: string, decide: (job: Job) => JobChange): Promise<Job> {
    const { job, tell, receipt } = decide(this.job(id));
    this.receipts.keep(receipt);
    this.jobs.set(id, structuredClone(job));
    this.told(id, tell);
    return this.job(id);
  }

  async recordScan(jobId: string, step: ScanStep, now: number): Promise<Job> {
    const job = this.job(jobId);
    refuseEnded(job);
    const { tasks, done, ...reached } = step;
    this.addTasks(
      tasks.map((task) => newTaskRecord(job, task, now)),
      now,
    );
    this.jobs.set(jobId, { ...job, scan: done ? 'done' : 'running', ...reached });
    return this.job(jobId);
  }

  async findTask(id: string): Promise<Task | undefined> {
    return structuredClone(this.tasks.get(id));
  }

  async listTasks(
    jobId: string,
    { limit, after, states }: PageRequest & { states?: readonly TaskState[] },
  ): Promise<Page<Task>> {
    const rest = behind(this.tasksOf(jobId), after);
    const wanted = rest.filter(({ state }) => states?.includes(state) ?? true);
    return structuredClone(firstPage(wanted, limit));
  }

  async listAttempts(taskId: string): Promise<Attempt[]> {
    return structuredClone((this.attempts.get(taskId) ?? []).map(({ log: _long, ...attempt }) => attempt));
  }

  async findAttempt(taskId: string, number: number): Promise<Attempt | undefined> {
    return structuredClone(this.attempts.get(taskId)?.find((attempt) => attempt.number === number));
  }

  async leaseTasks(query: LeaseQuery, grant: (task: Task) => Task): Promise<Task[]> {
    return this.leased(query, grant);
  }

  private leased({ plugins, now, limit, taskId, fit }: LeaseQuery, grant: (task: Task) => Task): Task[] {
    const cuts: Cutting[] = [];
    let wanted = limit;
    for (const { id, state, spec } of [...this.jobs.values()]) {
      if (state !== 'running' || !plugins.includes(spec.plugin) || fit?.job(this.job(id)) === false) continue;
      const cut = this.cut(id, { now, taskId, fit }, wanted);
      wanted -= cut.tasks.length;
      cuts.push(cut);
      if (wanted <= 0) break;
    }
    const leased = cuts.flatMap(({ tasks }) => tasks).map((task) => grant(structuredClone(task)));
    for (const { changed, removed } of cuts) {
      for (const { after } of changed) this.tasks.set(after.id, structuredClone(after));
      for (const { id } of removed) this.tasks.delete(id);
    }
    this.addTasks(
      cuts.flatMap(({ created }) => created),
      now,
    );
    for (const task of leased) {
      this.tasks.set(task.id, structuredClone(task));
      this.openAttempt(task, now);
    }
    return leased;
  }

  private cut(jobId: string, which: Pick<LeaseQuery, 'now' | 'taskId' | 'fit'>, wanted: number): Cutting {
    const job = this.job(jobId);
    if (!isAdaptive(job.spec.batching)) {
      return { tasks: this.availableOf(jobId, which).slice(0, wanted), created: [], changed: [], removed: [] };
    }
    const { fit, taskId } = which;
    const waiting = this.availableOf(jobId, { ...which, fit: undefined }).slice(0, fit ? fitLookedAt : undefined);
    const fits = fit && ((task: Task) => fit.task(structuredClone(task), this.job(jobId)));
    const [named] = structuredClone(waiting);
    if (taskId !== undefined && named) return cutNamed(job, named, fits);
    const uncut = waiting.filter((task) => task.uncut);
    const largest = () => {
      if (uncut.length === 0) return undefined;
      const bytes = Math.max(...uncut.map((task) => largestBytes(task) ?? 0));
      return { bytes, task: () => structuredClone(uncut.find((task) => largestBytes(task) === bytes)) };
    };
    return cutTasks(job, { byPosition: () => structuredClone(waiting), largest, fits }, wanted);
  }

  private availableOf(jobId: string, { now, taskId, fit }: Pick<LeaseQuery, 'now' | 'taskId' | 'fit'>): Task[] {
    const waiting = this.tasksOf(jobId).filter(
      ({ id, state, availableAt }) => state === 'available' && availableAt <= now && (taskId ?? id) === id,
    );
    if (!fit) return waiting;
    return waiting.slice(0, fitLookedAt).filter((task) => fit.task(structuredClone(task), this.job(jobId)));
  }

  async heldTasks(workerId?: string): Promise<Task[]> {
    return structuredClone(this.held().filter(({ lease }) => workerId === undefined || lease?.workerId === workerId));
  }

  private held(): Task[] {
    return [...this.tasks.values()].filter(({ state }) => state === 'leased' || state === 'accepted');
  }

  async changeTask(id: string, decide: (task: Task, job: Job) => TaskChange, now: number): Promise<Task> {
    const [change] = this.decided([id], decide);
    return this.store(id, change!, now);
  }

  async changeTasks(
    ids: readonly string[],
    decide: (task: Task, job: Job) => TaskChange,
    now: number,
  ): Promise<Task[]> {
    const changes = this.decided(ids, decide);
    return ids.map((id, index) => this.store(id, changes[index]!, now));
  }

  async takeTurn(turn: WorkerTurn): Promise<TurnOutcome> {
    const found = this.workers.get(turn.workerId);
    if (!found) throw workerUnknown(turn.workerId);
    const answered = turn.requestId === undefined ? undefined : this.receipts.find(turn.requestId);
    if (answered) throw requestRepeated(answered);
    const changed = turn.changes.map(({ taskId, decide }) => this.triedChange(taskId, decide, turn.now));
    const given = this.givenIn(turn, found).map((task) => ({ task, job: this.job(task.jobId) }));
    const worker = structuredClone(turn.worker?.(structuredClone(found), structuredClone(given)) ?? found);
    const outcome = structuredClone({ given, worker });
    this.receipts.keep(turn.settled?.({ changed, ...outcome }));
    this.workers.set(worker.id, worker);
    return { changed, ...outcome };
  }

  private triedChange(id: string, decide: (task: Task, job: Job) => TaskChange, now: number): Task | LongshoreError {
    try {
      const [change] = this.decided([id], decide);
      return structuredClone(this.store(id, change!, now));
    } catch (thrown) {
      if (thrown instanceof LongshoreError) return thrown;
      throw thrown;
    }
  }

  private givenIn({ workerId, now, again, lease }: WorkerTurn, worker: Worker): Task[] {
    if (!lease) return [];
    const { limit } = lease.query;
    const held = this.held().filter((task) => task.lease?.workerId === workerId && again?.(structuredClone(task)));
    const first = held.slice(0, limit);
    const more = lease.unless?.(structuredClone(worker)) ? 0 : limit - first.length;
    return [...first, ...this.leased({ ...lease.query, limit: more, now }, lease.grant)];
  }

  async nextAvailableAt(plugins: readonly string[], now: number): Promise<number | undefined> {
    const running = new Set(
      [...this.jobs.values()]
        .filter(({ state, spec }) => state === 'running' && plugins.includes(spec.plugin))
        .map(({ id }) => id),
    );
    const times = [...this.tasks.values()]
      .filter(({ state, jobId, availableAt }) => state === 'available' && running.has(jobId) && availableAt > now)
      .map(({ availableAt }) => availableAt);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  async hastenTasks(jobId: string, { now, taskId, receipt }: Hastened): Promise<number> {
    const waiting = this.tasksOf(jobId).filter(
      ({ id, state, availableAt }) => state === 'available' && availableAt > now && (taskId ?? id) === id,
    );
    this.receipts.keep(receipt?.(waiting.length));
    for (const task of waiting) this.tasks.set(task.id, { ...task, availableAt: now });
    return waiting.length;
  }

  /** Everything that can go wrong goes wrong here, before anything is stored. Each decision sees the job as those before it have made it. */
  private decided(ids: readonly string[], decide: (task: Task, job: Job) => TaskChange): TaskChange[] {
    const jobs = new Map<string, Job>();
    const changes = ids.map((id) => {
      const before = this.tasks.get(id);
      if (!before) throw new LongshoreError('task-not-found', `There is no task ${id}.`);
      const change = decide(structuredClone(before), jobs.get(before.jobId) ?? this.job(before.jobId));
      if (change.job) jobs.set(change.job.id, change.job);
      this.receipts.refuseRepeated(change.receipt);
      return change;
    });
    this.refuseTaken(changes.flatMap(({ parts = [] }) => parts));
    return changes;
  }

  private store(id: string, change: TaskChange, now: number): Task {
    const { task, attempt, parts = [], job, tell, receipt } = change;
    const before = this.tasks.get(id)!;
    this.addTasks(parts, now);
    this.receipts.keep(receipt);
    for (const part of parts) if (part.lease) this.openAttempt(part, now);
    if (job) this.jobs.set(job.id, structuredClone(job));
    this.tasks.set(id, structuredClone(task));
    this.insight.count(task, tallyOf(before, task, attempt, now), now);
    const attempts = this.attempts.get(id) ?? [];
    const over = attempt?.outcome === 'running' ? {} : { endedAt: now };
    const ended = attempts.map((one) => (one.number === before.fence ? { ...one, ...attempt, ...over } : one));
    if (attempt) this.attempts.set(id, ended);
    if (task.fence > before.fence) this.openAttempt(task, now);
    this.told(task.jobId, tell);
    return task;
  }

  private told(jobId: string, tell: Tell | undefined): void {
    if (!tell) return;
    const dead = this.tasksOf(jobId).filter(({ state }) => state === 'dead');
    this.outbox.add(tell({ job: this.job(jobId), dead: structuredClone(dead.slice(0, mostDeadNamed)) }));
  }

  private openAttempt(task: Task, startedAt: number): void {
    const { id: taskId, fence: number, lease } = task;
    const attempt = { taskId, number, workerId: lease?.workerId ?? '', outcome: 'running', startedAt } as const;
    this.attempts.set(taskId, [...(this.attempts.get(taskId) ?? []), attempt]);
  }

  /** A copy with its totals, which are counted whenever somebody asks: nothing to keep right, and fast enough for tests. */
  private job(id: string): Job {
    const found = this.jobs.get(id);
    if (!found) throw new LongshoreError('job-not-found', `There is no job ${id}.`);
    const counts: JobCounts = { tasks: emptyCounts(), objects: emptyCounts(), bytes: emptyCounts() };
    for (const task of this.tasksOf(id)) {
      counts.tasks[task.state] += 1;
      counts.objects[task.state] += task.objects.length;
      counts.bytes[task.state] += taskBytes(task);
    }
    return { ...structuredClone(found), counts };
  }

  private tasksOf(jobId: string): Task[] {
    return [...this.tasks.values()].filter((task) => task.jobId === jobId).sort((a, b) => a.position - b.position);
  }

  /** All or none: an id that is taken leaves everything as it was. */
  private addTasks(tasks: readonly Task[], now: number): void {
    this.refuseTaken(tasks);
    for (const task of tasks) {
      this.tasks.set(task.id, structuredClone(task));
      this.insight.count(task, tallyOf(undefined, task, undefined, now), now);
    }
  }

  private refuseTaken(tasks: readonly Task[]): void {
    const ids = new Set(tasks.map(({ id }) => id));
    if (ids.size < tasks.length || tasks.some(({ id }) => this.tasks.has(id))) throw new Error('A task id is taken');
  }
}
