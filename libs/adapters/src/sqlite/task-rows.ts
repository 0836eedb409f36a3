/** Tasks and their attempts as rows. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  failure,
  LongshoreError,
  type Attempt,
  type AttemptEnding,
  type Hastened,
  type Manifest,
  type ObjectRef,
  type Page,
  type PageRequest,
  type Receipt,
  type Task,
  type TaskState,
} from '@longshore/core';
import { pack, unpack } from './packing.js';
import { numbers, object, readableRows, readRow } from './row-shapes.js';

interface TaskRow {
  seq: number;
  id: string;
  job_id: string;
  position: number;
  state: TaskState;
  available_at: number;
  fence: number;
  worker_id: string | null;
  objects: Uint8Array;
  manifest: Uint8Array | null;
  body: string;
}

type TaskBody = Omit<Task, 'id' | 'jobId' | 'position' | 'state' | 'availableAt' | 'fence' | 'objects' | 'manifest'>;

const columns = 'seq, id, job_id, position, state, available_at, fence, worker_id, objects, manifest, body';

export class TaskRows {
  private readonly damaged = new Set<string>();
  private readonly insert: StatementSync;
  private readonly update: StatementSync;
  private readonly byId: StatementSync;
  private readonly available: StatementSync;
  private readonly held: StatementSync;
  private readonly heldBy: StatementSync;
  private readonly saveAttemptRow: StatementSync;
  private readonly attemptRow: StatementSync;
  private readonly attemptRows: StatementSync;

  /** @param onDamage told of a row that cannot be read, once */
  constructor(
    private readonly database: DatabaseSync,
    private readonly onDamage: (jobId: string, error: LongshoreError) => void = () => undefined,
  ) {
    this.insert = database.prepare(
      `INSERT INTO tasks
         (id, job_id, position, state, available_at, fence, objects, worker_id, manifest, body, object_count)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
    this.attemptRows = database.prepare(
      'SELECT number, body FROM attempts WHERE task_id = ? AND number > ? ORDER BY number LIMIT ?',
    );
  }

  create(task: Task): void {
    const { id, jobId, position, state, availableAt, fence, objects } = task;
    const { worker, manifest, body } = storedForm(task);
    const packed = pack(objects);
    this.insert.run(id, jobId, position, state, availableAt, fence, packed, worker, manifest, body, objects.length);
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
    return this.readable(this.available.all(jobId, now, limit) as unknown as TaskRow[]);
  }

  /** Ends the delay of those that wait for a later time, and says how many they were. */
  hasten(job: string, { now, taskId, receipt }: Hastened, keep: (receipt: Receipt | undefined) => void): number {
    const one = taskId === undefined ? '' : 'AND id = ?';
    const { changes } = this.database
      .prepare(`UPDATE tasks SET available_at = ? WHERE job_id = ? AND state = 'available' AND available_at > ? ${one}`)
      .run(now, job, now, ...(taskId === undefined ? [] : [taskId]));
    keep(receipt?.(Number(changes)));
    return Number(changes);
  }

  heldTasks(workerId: string | undefined): Task[] {
    const rows = workerId === undefined ? this.held.all() : this.heldBy.all(workerId);
    return this.readable(rows as unknown as TaskRow[]);
  }

  list(jobId: string, { limit, after, states }: PageRequest & { states?: readonly TaskState[] }): Page<Task> {
    const [position = -1, seq = 0] = (after ?? '-1.0').split('.').map(Number);
    const behind = (filter: string, ...values: SQLInputValue[]) =>
      this.database
        .prepare(
          `SELECT ${columns} FROM tasks WHERE job_id = ? ${filter} AND (position, seq) > (?, ?)
           ORDER BY position, seq LIMIT ?`,
        )
        .all(jobId, ...values, position, seq, limit + 1) as unknown as TaskRow[];
    // State by state, because for several at once SQLite walks past every task of the job to find those that are wanted.
    const found = states ? states.flatMap((state) => behind('AND state = ?', state)) : behind('');
    const rows = found.sort((one, other) => one.position - other.position || one.seq - other.seq);
    const items = this.readable(rows.slice(0, limit));
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
    return row && { ...readAttempt(taskId, number, row.body), ...logOf(row.log) };
  }

  /** Those with a higher number, at most so many; all where nothing is said. */
  listAttempts(taskId: string, behind = 0, limit = -1): Attempt[] {
    const rows = this.attemptRows.all(taskId, behind, limit) as { number: number; body: string }[];
    return rows.map((row) => readAttempt(taskId, row.number, row.body));
  }

  /** They are told of again at the next occasion. */
  forgetDamage(): void {
    this.damaged.clear();
  }

  private readable(rows: readonly TaskRow[]): Task[] {
    return readableRows(rows, read, (row, error) => {
      if (this.damaged.has(row.id)) return;
      this.damaged.add(row.id);
      this.onDamage(row.job_id, error);
    });
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
  const { failedAttempts, losses, maxAttempts, maxLosses, lease, secondRun, legacyHeld, carried } = task;
  const { failure, createdAt, endedAt, group } = task;
  return {
    failedAttempts,
    losses,
    maxAttempts,
    maxLosses,
    createdAt,
    ...(lease && { lease }),
    ...(secondRun && { secondRun }),
    ...(legacyHeld && { legacyHeld }),
    ...(carried && { carried }),
    ...(group && { group }),
    ...(failure && { failure }),
    ...(endedAt !== undefined && { endedAt }),
  };
}

function read(row: TaskRow): Task {
  return readRow(`Task ${row.id} of job ${row.job_id}`, () => {
    const objects = unpack<ObjectRef[]>(row.objects);
    for (const { key, sizeBytes } of objects) {
      if (typeof key !== 'string') throw new Error('an object has no key');
      numbers({ sizeBytes });
    }
    const body = object(JSON.parse(row.body), 'the task') as unknown as TaskBody;
    const { failedAttempts, losses, maxAttempts, createdAt, lease } = body;
    numbers({ failedAttempts, losses, maxAttempts, createdAt });
    if ((lease?.workerId ?? null) !== row.worker_id) throw new Error('its columns contradict one another');
    if (lease) numbers({ leasedAt: lease.leasedAt, expiresAt: lease.expiresAt });
    const manifest = row.manifest && unpack<Manifest>(row.manifest);
    if (manifest && !Array.isArray(manifest.entries)) throw new Error('its manifest has no entries');
    return {
      id: row.id,
      jobId: row.job_id,
      position: row.position,
      state: row.state,
      availableAt: row.available_at,
      fence: row.fence,
      objects,
      ...(manifest && { manifest }),
      ...body,
    };
  });
}

/** An attempt is history: one that cannot be read keeps nobody from going on. */
function readAttempt(taskId: string, number: number, text: string): Attempt {
  try {
    const attempt = object(JSON.parse(text), 'the attempt') as unknown as Attempt;
    numbers({ number: attempt.number, startedAt: attempt.startedAt });
    return attempt;
  } catch {
    const why = failure('state-damaged', 'What was recorded of this attempt cannot be read from the state file.');
    return { taskId, number, workerId: 'unknown', outcome: 'expired', startedAt: 0, endedAt: 0, failure: why };
  }
}

function logOf(packed: Uint8Array | null): { log?: string } {
  try {
    return packed ? { log: unpack<string>(packed) } : {};
  } catch {
    return { log: 'The log cannot be read from the state file.' };
  }
}
