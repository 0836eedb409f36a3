/** Tasks and their attempts as rows. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  LongshoreError,
  type Attempt,
  type AttemptEnding,
  type Manifest,
  type ObjectRef,
  type Page,
  type PageRequest,
  type Task,
  type TaskState,
} from '@longshore/core';
import { pack, unpack } from './packing.js';

interface TaskRow {
  seq: number;
  id: string;
  job_id: string;
  position: number;
  state: TaskState;
  available_at: number;
  fence: number;
  objects: Uint8Array;
  manifest: Uint8Array | null;
  body: string;
}

type TaskBody = Omit<Task, 'id' | 'jobId' | 'position' | 'state' | 'availableAt' | 'fence' | 'objects' | 'manifest'>;

const columns = 'seq, id, job_id, position, state, available_at, fence, objects, manifest, body';

export class TaskRows {
  private readonly insert: StatementSync;
  private readonly update: StatementSync;
  private readonly byId: StatementSync;
  private readonly available: StatementSync;
  private readonly held: StatementSync;
  private readonly heldBy: StatementSync;
  private readonly saveAttemptRow: StatementSync;
  private readonly attemptRow: StatementSync;
  private readonly attemptRows: StatementSync;

  constructor(private readonly database: DatabaseSync) {
    this.insert = database.prepare(
      `INSERT INTO tasks (id, job_id, position, state, available_at, fence, objects, worker_id, manifest, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.update = database.prepare(
      'UPDATE tasks SET state = ?, available_at = ?, fence = ?, worker_id = ?, manifest = ?, body = ? WHERE id = ?',
    );
    this.byId = database.prepare(`SELECT ${columns} FROM tasks WHERE id = ?`);
    this.available = database.prepare(
      `SELECT ${columns} FROM tasks WHERE job_id = ? AND state = 'available' AND available_at <= ?
       ORDER BY position LIMIT ?`,
    );
    this.held = database.prepare(`SELECT ${columns} FROM tasks WHERE worker_id IS NOT NULL ORDER BY seq`);
    this.heldBy = database.prepare(`SELECT ${columns} FROM tasks WHERE worker_id = ? ORDER BY seq`);
    this.saveAttemptRow = database.prepare(
      `INSERT INTO attempts (task_id, number, body, log) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET body = excluded.body, log = excluded.log`,
    );
    this.attemptRow = database.prepare('SELECT body, log FROM attempts WHERE task_id = ? AND number = ?');
    this.attemptRows = database.prepare('SELECT body FROM attempts WHERE task_id = ? ORDER BY number');
  }

  create(task: Task): void {
    const { id, jobId, position, state, availableAt, fence, objects } = task;
    const { worker, manifest, body } = storedForm(task);
    this.insert.run(id, jobId, position, state, availableAt, fence, pack(objects), worker, manifest, body);
  }

  find(id: string): Task | undefined {
    const row = this.byId.get(id) as TaskRow | undefined;
    return row && read(row);
  }

  /** @throws LongshoreError `task-not-found` */
  get(id: string): Task {
    const task = this.find(id);
    if (!task) throw new LongshoreError('task-not-found', `There is no task ${id}.`);
    return task;
  }

  save(task: Task): void {
    const { worker, manifest, body } = storedForm(task);
    this.update.run(task.state, task.availableAt, task.fence, worker, manifest, body, task.id);
  }

  availableOf(jobId: string, now: number, limit: number): Task[] {
    return (this.available.all(jobId, now, limit) as unknown as TaskRow[]).map(read);
  }

  heldTasks(workerId: string | undefined): Task[] {
    const rows = workerId === undefined ? this.held.all() : this.heldBy.all(workerId);
    return (rows as unknown as TaskRow[]).map(read);
  }

  list(jobId: string, { limit, after, states }: PageRequest & { states?: readonly TaskState[] }): Page<Task> {
    const [position, seq] = (after ?? '-1.0').split('.').map(Number);
    const filter = states ? `AND state IN (${states.map(() => '?').join(', ')})` : '';
    const values: SQLInputValue[] = [jobId, position ?? -1, seq ?? 0, ...(states ?? []), limit + 1];
    const rows = this.database
      .prepare(
        `SELECT ${columns} FROM tasks WHERE job_id = ? AND (position, seq) > (?, ?) ${filter}
         ORDER BY position, seq LIMIT ?`,
      )
      .all(...values) as unknown as TaskRow[];
    const items = rows.slice(0, limit).map(read);
    const last = rows[limit - 1];
    return rows.length > limit && last ? { items, next: `${last.position}.${last.seq}` } : { items };
  }

  /** The first attempt under a new fence. */
  openAttempt(task: Task, startedAt: number): void {
    const workerId = task.lease?.workerId ?? '';
    this.saveAttempt({ taskId: task.id, number: task.fence, workerId, outcome: 'running', startedAt });
  }

  /** What is known of the running attempt now; unless it goes on, that is its end. */
  recordAttempt(task: Task, ending: AttemptEnding, now: number): void {
    const attempt = this.findAttempt(task.id, task.fence);
    if (attempt) this.saveAttempt({ ...attempt, ...ending, ...(ending.outcome !== 'running' && { endedAt: now }) });
  }

  findAttempt(taskId: string, number: number): Attempt | undefined {
    const row = this.attemptRow.get(taskId, number) as { body: string; log: Uint8Array | null } | undefined;
    return row && { ...(JSON.parse(row.body) as Attempt), ...(row.log && { log: unpack<string>(row.log) }) };
  }

  listAttempts(taskId: string): Attempt[] {
    return (this.attemptRows.all(taskId) as { body: string }[]).map((row) => JSON.parse(row.body) as Attempt);
  }

  private saveAttempt({ log, ...attempt }: Attempt): void {
    const packed = log === undefined ? null : pack(log);
    this.saveAttemptRow.run(attempt.taskId, attempt.number, JSON.stringify(attempt), packed);
  }
}

function storedForm(task: Task): { worker: string | null; manifest: Uint8Array | null; body: string } {
  return {
    worker: task.lease?.workerId ?? null,
    manifest: task.manifest ? pack(task.manifest) : null,
    body: JSON.stringify(bodyOf(task)),
  };
}

function bodyOf(task: Task): TaskBody {
  const { failedAttempts, losses, maxAttempts, maxLosses, lease, secondRun, failure, createdAt, endedAt } = task;
  return {
    failedAttempts,
    losses,
    maxAttempts,
    maxLosses,
    createdAt,
    ...(lease && { lease }),
    ...(secondRun && { secondRun }),
    ...(failure && { failure }),
    ...(endedAt !== undefined && { endedAt }),
  };
}

function read(row: TaskRow): Task {
  return {
    id: row.id,
    jobId: row.job_id,
    position: row.position,
    state: row.state,
    availableAt: row.available_at,
    fence: row.fence,
    objects: unpack<ObjectRef[]>(row.objects),
    ...(row.manifest && { manifest: unpack<Manifest>(row.manifest) }),
    ...(JSON.parse(row.body) as TaskBody),
  };
}
