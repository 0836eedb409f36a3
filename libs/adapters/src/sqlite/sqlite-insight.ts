/** What people ask of the embedded store: every question is answered by an index, or from numbers that are kept as things change. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  emptyCounts,
  JobInsight,
  type Attempt,
  type DurationCount,
  type FailureGroup,
  type Job,
  type JobCounts,
  type JobSearch,
  type JobState,
  type Page,
  type PageRequest,
  type TaskState,
  type TaskSummary,
  type VitalSigns,
  type Worker,
  type WorkerState,
  type WorkStep,
} from '@longshore/core';
import type { JobRows } from './job-rows.js';
import { readableRows } from './row-shapes.js';
import type { WorkerRows } from './worker-rows.js';
import { readSummary, summaryColumns, type SummaryRow } from './task-summaries.js';
import type { TaskRows } from './task-rows.js';
import { readVitalSigns } from './vital-signs.js';

const dayMs = 86_400_000;

export class SqliteInsight extends JobInsight {
  constructor(
    private readonly database: DatabaseSync,
    private readonly rows: { jobs: JobRows; tasks: TaskRows; workers: WorkerRows },
  ) {
    super();
  }

  async searchJobs(search: JobSearch): Promise<Page<Job> & { total: number }> {
    return this.rows.jobs.search(search);
  }

  async taskSummaries(
    jobId: string,
    { state, ...page }: PageRequest & { state?: TaskState | undefined },
  ): Promise<Page<TaskSummary>> {
    return this.tasksWhere(['job_id = ?', state && 'state = ?'], [jobId, state], page);
  }

  async deadLetters(
    jobId: string,
    { group, ...page }: PageRequest & { group?: string | undefined },
  ): Promise<Page<TaskSummary>> {
    return group === undefined
      ? this.tasksWhere(['job_id = ?', "state = 'dead'"], [jobId], page)
      : this.tasksWhere(['job_id = ?', 'failure_group = ?'], [jobId, group], page);
  }

  async failureGroups(jobId: string, { limit, after }: PageRequest): Promise<Page<FailureGroup>> {
    const [objects, attempts, ...id] = after?.split('.') ?? [];
    // So few, by design, that sorting them costs nothing.
    const rows = this.all<Omit<FailureGroup, 'exampleTaskId' | 'firstAt' | 'lastAt'>>(
      `SELECT id, class, code, pattern, attempts, tasks, objects, refused, first_at AS firstAt, last_at AS lastAt,
         example_task_id AS exampleTaskId, example FROM failure_groups
       WHERE job_id = ? AND (-objects, -attempts, id) > (?, ?, ?) ORDER BY -objects, -attempts, id LIMIT ?`,
      [jobId, -Number(objects ?? Number.MAX_SAFE_INTEGER), -Number(attempts ?? 0), id.join('.'), limit + 1],
    ) as FailureGroup[];
    return paged(
      rows,
      limit,
      (last) => `${last.objects}.${last.attempts}.${last.id}`,
      (row) => ({ ...row }),
    );
  }

  async attempts(taskId: string, { limit, after }: PageRequest): Promise<Page<Attempt>> {
    const items = this.rows.tasks.listAttempts(taskId, Number(after ?? 0), limit + 1);
    return paged(
      items,
      limit,
      (last) => String(last.number),
      (attempt) => attempt,
    );
  }

  async workers({ state, ...page }: PageRequest & { state?: WorkerState | undefined }): Promise<Page<Worker>> {
    return this.rows.workers.page(page, state);
  }

  async heldBy(workerId: string): Promise<TaskSummary[]> {
    return this.summaries(
      `SELECT ${summaryColumns} FROM tasks WHERE id IN (SELECT value FROM json_each(?))
       ORDER BY json_extract(body, '$.lease.leasedAt')`,
      [JSON.stringify(this.rows.tasks.heldIds(workerId))],
    );
  }

  async availableFrom(jobId: string, limit: number): Promise<number[]> {
    const sql =
      "SELECT available_at AS at FROM tasks WHERE job_id = ? AND state = 'available' ORDER BY position LIMIT ?";
    return this.all<{ at: number }>(sql, [jobId, limit]).map(({ at }) => at);
  }

  async longestHeld(jobId: string, limit: number): Promise<TaskSummary[]> {
    return this.summaries(
      `SELECT ${summaryColumns} FROM tasks WHERE job_id = ? AND state = 'leased'
       ORDER BY json_extract(body, '$.lease.leasedAt') LIMIT ?`,
      [jobId, limit],
    );
  }

  async durations(jobId = ''): Promise<DurationCount[]> {
    const sql =
      'SELECT bucket, count, sum_ms AS sumMs, min_ms AS minMs, max_ms AS maxMs FROM durations WHERE job_id = ?';
    return this.all<DurationCount>(sql, [jobId]).map((row) => ({ ...row }));
  }

  async work(jobId: string, { from, to, stepMs }: { from: number; to: number; stepMs: number }): Promise<WorkStep[]> {
    const rows = this.all<WorkStep>(
      `SELECT (at - CAST(?1 AS INTEGER)) / CAST(?2 AS INTEGER) AS at, sum(tasks) AS tasks, sum(objects) AS objects, sum(bytes) AS bytes,
         sum(failed_attempts) AS failedAttempts
       FROM work_steps WHERE job_id = ?3 AND at >= ?1 AND at < ?4 GROUP BY 1 ORDER BY 1`,
      [from, stepMs, jobId, to],
    );
    return rows.map((row) => ({ ...row, at: from + row.at * stepMs }));
  }

  async jobsByPlugin(): Promise<{ plugin: string; count: number }[]> {
    return this.all('SELECT plugin, count(*) AS count FROM jobs GROUP BY plugin ORDER BY count DESC, plugin');
  }

  async jobsByState(): Promise<{ state: JobState; count: number }[]> {
    return this.all('SELECT state, count(*) AS count FROM jobs GROUP BY state ORDER BY count DESC, state');
  }

  async jobsByDay(since: number): Promise<{ day: string; count: number }[]> {
    const rows = this.all<{ day: number; count: number }>(
      `SELECT created_at / ${dayMs} AS day, count(*) AS count FROM jobs WHERE created_at >= ?
       GROUP BY 1 ORDER BY count DESC, 1`,
      [since],
    );
    return rows.map(({ day, count }) => ({ day: new Date(day * dayMs).toISOString().slice(0, 10), count }));
  }

  async totals(): Promise<JobCounts> {
    const counts: JobCounts = { tasks: emptyCounts(), objects: emptyCounts(), bytes: emptyCounts() };
    const rows = this.all<{ state: TaskState; tasks: number; objects: number; bytes: number }>(
      'SELECT state, sum(tasks) AS tasks, sum(objects) AS objects, sum(bytes) AS bytes FROM job_counts GROUP BY state',
    );
    for (const { state, tasks, objects, bytes } of rows) {
      counts.tasks[state] = tasks;
      counts.objects[state] = objects;
      counts.bytes[state] = bytes;
    }
    return counts;
  }

  async vitalSigns(): Promise<VitalSigns> {
    return readVitalSigns(this.database, this.rows.workers.list());
  }

  private tasksWhere(
    conditions: (string | undefined)[],
    values: (string | undefined)[],
    { limit, after }: PageRequest,
  ): Page<TaskSummary> {
    const [position = -1, seq = 0] = (after ?? '-1.0').split('.').map(Number);
    const where = conditions.filter((condition) => condition !== undefined).join(' AND ');
    const given = values.filter((value) => value !== undefined);
    const rows = this.all<SummaryRow>(
      `SELECT ${summaryColumns} FROM tasks WHERE ${where} AND (position, seq) > (?, ?) ORDER BY position, seq LIMIT ?`,
      [...given, position, seq, limit + 1],
    );
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    const items = readableRows(rows.slice(0, limit), readSummary);
    return { items, ...(last && { next: `${last.position}.${last.seq}` }) };
  }

  private summaries(sql: string, values: SQLInputValue[]): TaskSummary[] {
    return readableRows(this.all<SummaryRow>(sql, values), readSummary);
  }

  private all<T>(sql: string, values: SQLInputValue[] = []): T[] {
    return this.database.prepare(sql).all(...values) as T[];
  }
}

function paged<R, T>(rows: readonly R[], limit: number, cursor: (last: R) => string, read: (row: R) => T): Page<T> {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items: rows.slice(0, limit).map(read), ...(last !== undefined && { next: cursor(last) }) };
}
