/** Jobs and their running totals as rows. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  emptyCounts,
  endedJobStates,
  LongshoreError,
  nextJobState,
  searchText,
  taskBytes,
  taskStates,
  type Failure,
  type Job,
  type JobGroup,
  type JobCounts,
  type JobSearch,
  type JobState,
  type NewJob,
  type Page,
  type PageRequest,
  type Task,
  type TaskState,
} from '@longshore/core';
import { pack, unpack } from './packing.js';
import { JobMemory } from './job-memory.js';
import { damagedJob, jobBody, readRow } from './row-shapes.js';

interface JobRow {
  seq: number;
  id: string;
  plugin: string;
  state: string;
  body: string;
}

type JobBody = Omit<Job, 'counts'>;

export class JobRows {
  private readonly memory = new JobMemory();
  private readonly insert: StatementSync;
  private readonly update: StatementSync;
  private readonly byId: StatementSync;
  private readonly byKey: StatementSync;
  private readonly page: StatementSync;
  private readonly byState: StatementSync;
  private readonly counts: StatementSync;
  private readonly startCount: StatementSync;
  private readonly addCount: StatementSync;
  private readonly insertGroups: StatementSync;
  private readonly groups: StatementSync;

  constructor(private readonly database: DatabaseSync) {
    this.insert = database.prepare(
      'INSERT INTO jobs (id, idempotency_key, plugin, state, body, created_at, search) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.update = database.prepare('UPDATE jobs SET state = ?, body = ? WHERE id = ?');
    this.byId = database.prepare('SELECT seq, id, plugin, state, body FROM jobs WHERE id = ?');
    this.byKey = database.prepare('SELECT seq, id, plugin, state, body FROM jobs WHERE idempotency_key = ?');
    this.page = database.prepare(
      'SELECT seq, id, plugin, state, body FROM jobs WHERE seq < ? ORDER BY seq DESC LIMIT ?',
    );
    this.byState = database.prepare('SELECT seq, id, plugin, state, body FROM jobs WHERE state = ? ORDER BY seq');
    this.counts = database.prepare('SELECT state, tasks, objects, bytes FROM job_counts WHERE job_id = ?');
    this.startCount = database.prepare(
      'INSERT INTO job_counts (job_id, state, tasks, objects, bytes) VALUES (?, ?, 0, 0, 0)',
    );
    this.insertGroups = database.prepare('INSERT INTO job_groups (job_id, body) VALUES (?, ?)');
    this.groups = database.prepare('SELECT body FROM job_groups WHERE job_id = ?');
    this.addCount = database.prepare(
      `UPDATE job_counts SET tasks = tasks + ?, objects = objects + ?, bytes = bytes + ?
       WHERE job_id = ? AND state = ?`,
    );
  }

  create(job: NewJob): Job {
    if (job.idempotencyKey !== undefined) {
      const existing = this.byKey.get(job.idempotencyKey) as JobRow | undefined;
      if (existing) return this.read(existing);
    }
    const body: JobBody = {
      id: job.id,
      spec: job.spec,
      state: 'pending',
      scan: 'pending',
      objectsListed: 0,
      objectsSkipped: 0,
      createdAt: job.createdAt,
    };
    const { id, idempotencyKey = null, spec, createdAt } = job;
    this.insert.run(id, idempotencyKey, spec.plugin, body.state, JSON.stringify(body), createdAt, searchText(job));
    if (job.groups) this.insertGroups.run(id, pack(job.groups));
    for (const state of taskStates) this.startCount.run(job.id, state);
    return this.read(this.byId.get(job.id) as unknown as JobRow);
  }

  /** A copy, to give out; one that cannot be read is shown as failed. */
  find(id: string): Job | undefined {
    const known = this.memory.job(id);
    if (known) return known;
    const row = this.byId.get(id) as JobRow | undefined;
    return row && this.read(row);
  }

  /** @throws LongshoreError `state-damaged` */
  groupsOf(id: string): JobGroup[] {
    const row = this.groups.get(id) as { body: Uint8Array } | undefined;
    return row ? readRow(`The groups of job ${id}`, () => unpack<JobGroup[]>(row.body)) : [];
  }

  /** To be looked at, and shared with others who look. @throws LongshoreError `job-not-found`, or `state-damaged` */
  get(id: string): Job {
    const known = this.memory.job(id);
    if (known) return known;
    const row = this.byId.get(id) as JobRow | undefined;
    if (!row) throw new LongshoreError('job-not-found', `There is no job ${id}.`);
    return this.memory.keepJob({ ...readJob(row), counts: this.countsOf(id) });
  }

  /** The running ones, oldest first, as they are looked through whenever somebody asks for work. */
  running(): Job[] {
    const known = this.memory.running;
    if (known) return known.map((id) => this.find(id)).filter((job) => job !== undefined);
    const jobs = this.inStates(['running']);
    this.memory.running = jobs.map(({ id }) => id);
    return jobs;
  }

  /** One that is over stays as it is. */
  fail(id: string, failure: Failure): void {
    const job = this.get(id);
    if (endedJobStates.includes(job.state)) return;
    this.save({ ...job, state: nextJobState(job.state, 'fail'), failure, endedAt: Date.now() });
  }

  save(job: Job): void {
    const { counts: _kept, ...body } = job;
    this.memory.forgetJob(job.id);
    this.update.run(job.state, JSON.stringify(body), job.id);
  }

  list({ limit, after }: PageRequest): Page<Job> {
    const rows = this.page.all(Number(after ?? Number.MAX_SAFE_INTEGER), limit + 1) as unknown as JobRow[];
    const items = rows.slice(0, limit).map((row) => this.read(row));
    const last = rows[limit - 1];
    return rows.length > limit && last ? { items, next: String(last.seq) } : { items };
  }

  /** What is looked through lies in an index, so that no body is read but those of the page. */
  search({ limit, after, search, state }: JobSearch): Page<Job> & { total: number } {
    const conditions = ['1', ...(state ? ['state = ?'] : []), ...(search ? ['instr(search, ?) > 0'] : [])].join(
      ' AND ',
    );
    const values: SQLInputValue[] = [...(state ? [state] : []), ...(search ? [search.toLowerCase()] : [])];
    const { total } = this.database
      .prepare(`SELECT count(*) AS total FROM jobs WHERE ${conditions}`)
      .get(...values) as {
      total: number;
    };
    const rows = this.database
      .prepare(
        `SELECT seq, id, plugin, state, body FROM jobs WHERE seq IN
           (SELECT seq FROM jobs WHERE ${conditions} AND seq < ? ORDER BY seq DESC LIMIT ?) ORDER BY seq DESC`,
      )
      .all(...values, Number(after ?? Number.MAX_SAFE_INTEGER), limit + 1) as unknown as JobRow[];
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    const items = rows.slice(0, limit).map((row) => this.read(row));
    return { items, ...(last && { next: String(last.seq) }), total };
  }

  inStates(states: readonly JobState[]): Job[] {
    const rows = states.flatMap((state) => this.byState.all(state) as unknown as JobRow[]);
    return rows
      .sort((one, other) => one.seq - other.seq)
      .map((row) => this.read(row))
      .filter(({ state }) => states.includes(state));
  }

  /** Moves a task from one total to another; `from` is undefined for a new task. Written when the work it belongs to is done. */
  recount(task: Task, from: TaskState | undefined): void {
    if (from === task.state) return;
    if (from !== undefined) this.count(task, from, -1);
    this.count(task, task.state, 1);
  }

  flush(): void {
    this.memory.takeCounts((jobId, state, { tasks, objects, bytes }) =>
      this.addCount.run(tasks, objects, bytes, jobId, state),
    );
  }

  forget(): void {
    this.memory.forgetJobs();
  }

  /** A task that is removed, in whose place others are counted. */
  uncount(task: Task): void {
    this.count(task, task.state, -1);
  }

  /** Of a task that holds fewer objects than before, in the state that it is in. */
  resize(before: Task, { jobId, state, ...after }: Task): void {
    const objects = after.objects.length - before.objects.length;
    this.memory.count({ jobId, state }, { tasks: 0, objects, bytes: taskBytes(after) - taskBytes(before) });
  }

  private count(task: Task, state: TaskState, sign: 1 | -1): void {
    const { jobId, objects } = task;
    this.memory.count({ jobId, state }, { tasks: sign, objects: sign * objects.length, bytes: sign * taskBytes(task) });
  }

  /** A job that cannot be read is shown as one that failed. */
  private read(row: JobRow): Job {
    try {
      return { ...readJob(row), counts: this.countsOf(row.id) };
    } catch (thrown) {
      if (!(thrown instanceof LongshoreError)) throw thrown;
      return { ...damagedJob(row.id, thrown), counts: noCounts() };
    }
  }

  private countsOf(id: string): JobCounts {
    const counts = noCounts();
    const rows = this.counts.all(id) as unknown as {
      state: TaskState;
      tasks: number;
      objects: number;
      bytes: number;
    }[];
    readRow(`The totals of job ${id}`, () => {
      // Without them the job would seem to have nothing left to do.
      if (!taskStates.every((state) => rows.some((row) => row.state === state))) throw new Error('some are missing');
    });
    for (const { state, tasks, objects, bytes } of rows) {
      counts.tasks[state] = tasks;
      counts.objects[state] = objects;
      counts.bytes[state] = bytes;
    }
    return this.memory.withPutOff(id, counts);
  }
}

function readJob(row: JobRow): JobBody {
  return readRow(`Job ${row.id}`, () => jobBody(row.body, row));
}

function noCounts(): JobCounts {
  return { tasks: emptyCounts(), objects: emptyCounts(), bytes: emptyCounts() };
}
