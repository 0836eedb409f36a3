/** Tasks and their attempts as rows. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
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
import { AttemptRows, isSaidByTask } from './attempt-rows.js';
import { HeldTasks } from './held-tasks.js';
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

const seqsKnown = 10_000;

const columns = 'seq, id, job_id, position, state, available_at, fence, worker_id, objects, manifest, body';

export class TaskRows {
  private readonly damaged = new Set<string>();
  private readonly insert: StatementSync;
  private readonly updates = new Map<string, StatementSync>();
  private readonly attempts: AttemptRows;
  private readonly heldOnes = new HeldTasks();
  private isHeldKnown = false;
  private isTouched = false;
  /** Where the rows are that were read lately. */
  private readonly seqs = new Map<string, number>();
  private readonly byId: StatementSync;
  private readonly available: StatementSync;
  private readonly held: StatementSync;
  private readonly next: StatementSync;

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
    this.byId = database.prepare(`SELECT ${columns} FROM tasks WHERE id = ?`);
    this.available = database.prepare(
      `SELECT ${columns} FROM tasks WHERE job_id = ? AND state = 'available' AND available_at <= ?
       ORDER BY position LIMIT ?`,
    );
    // Asked once, and by the index that there is.
    this.held = database.prepare(
      `SELECT ${columns} FROM tasks WHERE job_id IN (SELECT id FROM jobs) AND state IN ('leased', 'accepted')
       ORDER BY seq`,
    );
    this.next = database.prepare(
      "SELECT min(available_at) AS at FROM tasks WHERE job_id = ? AND state = 'available' AND available_at > ?",
    );
    this.attempts = new AttemptRows(database);
  }

  create(task: Task): void {
    const { id, jobId, position, state, availableAt, fence, objects } = task;
    const { worker, manifest, body } = storedForm(task);
    const packed = pack(objects);
    const count = objects.length;
    this.isTouched = true;
    const { lastInsertRowid } = this.insert.run(
      ...[id, jobId, position, state, availableAt, fence, packed, worker, manifest, body, count],
    );
    if (task.lease) this.known().note(Number(lastInsertRowid), task);
  }

  find(id: string): Task | undefined {
    const held = this.known().get(id)?.task;
    if (held) return held;
    const row = this.byId.get(id) as TaskRow | undefined;
    return row && this.read(row);
  }

  /** Nothing for one that is damaged, which is told of. */
  findReadable(id: string): Task | undefined {
    const row = this.byId.get(id) as TaskRow | undefined;
    return row && this.readable([row])[0];
  }

  /** @throws LongshoreError `task-not-found` */
  get(id: string): Task {
    const task = this.find(id);
    if (!task) throw new LongshoreError('task-not-found', `There is no task ${id}.`);
    return task;
  }

  /** @param before as it is in its row */
  save(task: Task, before: Task): void {
    if (task === before) return;
    const seq = this.seqOf(task.id);
    const changed = changedColumns(task, before);
    const names = Object.keys(changed);
    const key = names.join();
    const update = this.updates.get(key) ?? this.prepareUpdate(key, names);
    this.isTouched = true;
    update.run(...Object.values(changed), seq);
    this.known().note(seq, task);
  }

  /** When the first of those that wait may be leased. */
  nextAvailableAt(jobId: string, now: number): number | undefined {
    return (this.next.get(jobId, now) as { at: number | null }).at ?? undefined;
  }

  availableOf(jobId: string, now: number, limit: number): Task[] {
    return this.readable(this.available.all(jobId, now, limit) as unknown as TaskRow[]);
  }

  /** The same one by one, so that no more is read than is wanted; nothing may be written meanwhile. */
  *eachAvailable(jobId: string, now: number, limit: number): Iterable<Task> {
    for (const row of this.available.iterate(jobId, now, limit)) yield* this.readable([row as unknown as TaskRow]);
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
    const known = this.known();
    const entries = workerId === undefined ? known.all() : known.of(workerId);
    return entries.flatMap(({ id, task }) => task ?? this.readable([this.byId.get(id) as unknown as TaskRow]));
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

  heldIds(workerId: string): string[] {
    return this.known()
      .of(workerId)
      .map(({ id }) => id);
  }

  /** The first attempt under a new fence. */
  openAttempt(task: Task, startedAt: number): void {
    this.attempts.open(task, startedAt);
  }

  /** What is known of the running attempt of a task as it was; unless it goes on, that is its end. */
  recordAttempt(before: Task, ending: AttemptEnding, now: number, after = before): void {
    if (!isSaidByTask(before, after, ending)) this.attempts.record(before, ending, now);
  }

  findAttempt(taskId: string, number: number): Attempt | undefined {
    return this.attempts.find(taskId, number, this.find(taskId));
  }

  /** Those with a higher number, at most so many; all where nothing is said. */
  listAttempts(taskId: string, behind = 0, limit = -1): Attempt[] {
    return this.attempts.list(taskId, this.find(taskId), behind, limit);
  }

  /** A piece of work is done. */
  flush(): void {
    this.isTouched = false;
  }

  /** Most of what is undone was refused before it had changed anything. */
  undo(): void {
    if (this.isTouched) this.forget();
  }

  /** Nothing of what is remembered counts any more. */
  forget(): void {
    this.heldOnes.clear();
    this.isHeldKnown = false;
    this.isTouched = false;
    this.seqs.clear();
  }

  /** They are told of again at the next occasion. */
  forgetDamage(): void {
    this.damaged.clear();
    this.forget();
  }

  private known(): HeldTasks {
    if (this.isHeldKnown) return this.heldOnes;
    const rows = this.held.all() as unknown as TaskRow[];
    this.heldOnes.clear();
    for (const task of this.readable(rows)) this.heldOnes.note(this.seqOf(task.id), task);
    this.isHeldKnown = true;
    return this.heldOnes;
  }

  private readable(rows: readonly TaskRow[]): Task[] {
    const one = (row: TaskRow) => this.read(row);
    return readableRows(rows, one, (row, error) => {
      if (this.damaged.has(row.id)) return;
      this.damaged.add(row.id);
      this.onDamage(row.job_id, error);
    });
  }

  private read(row: TaskRow): Task {
    if (this.seqs.size >= seqsKnown) this.seqs.clear();
    this.seqs.set(row.id, row.seq);
    return read(row);
  }

  private seqOf(id: string): number {
    const known = this.heldOnes.get(id)?.seq ?? this.seqs.get(id);
    return known ?? (this.byId.get(id) as unknown as TaskRow).seq;
  }

  private prepareUpdate(key: string, names: readonly string[]): StatementSync {
    const update = this.database.prepare(`UPDATE tasks SET ${names.map((name) => `${name} = ?`).join()} WHERE seq = ?`);
    this.updates.set(key, update);
    return update;
  }
}

/** Every column that is set has its indexes written anew, so only what changes is. */
function changedColumns(task: Task, before: Task): Record<string, SQLInputValue> {
  const changed: Record<string, SQLInputValue> = {};
  if (task.state !== before.state) changed.state = task.state;
  if (task.availableAt !== before.availableAt) changed.available_at = task.availableAt;
  if (task.fence !== before.fence) changed.fence = task.fence;
  const worker = task.lease?.workerId ?? null;
  if (worker !== (before.lease?.workerId ?? null)) changed.worker_id = worker;
  if (task.manifest !== before.manifest) changed.manifest = task.manifest ? pack(task.manifest) : null;
  changed.body = JSON.stringify(bodyOf(task));
  return changed;
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
  const { failure, createdAt, startedAt, endedAt, group, uncut } = task;
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
    ...(uncut && { uncut }),
    ...(failure && { failure }),
    ...(startedAt !== undefined && { startedAt }),
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
