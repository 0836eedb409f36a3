/** Workers as rows, and in memory as far as they were asked for. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Page, PageRequest, Worker, WorkerState } from '@longshore/core';
import { numbers, object, readableRows, readRow } from './row-shapes.js';

/** More than a large fleet has; a worker is less than a kilobyte. */
const workersKnown = 20_000;

export class WorkerRows {
  /** As they are in their rows, because every request of a worker asks for its own. */
  private readonly known = new Map<string, Worker>();
  /** Whether all are known, in the order of their rows. */
  private isComplete = false;
  /** What was known of those that the work that goes on has saved. */
  private readonly before = new Map<string, Worker | undefined>();
  private readonly upsert: StatementSync;
  private readonly byId: StatementSync;
  private readonly all: StatementSync;

  constructor(private readonly database: DatabaseSync) {
    this.upsert = database.prepare(
      'INSERT INTO workers (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
    );
    this.byId = database.prepare('SELECT body FROM workers WHERE id = ?');
    this.all = database.prepare('SELECT body FROM workers ORDER BY seq');
  }

  save(worker: Worker): void {
    const { id } = worker;
    this.upsert.run(id, JSON.stringify(worker));
    if (!this.before.has(id)) this.before.set(id, this.known.get(id));
    this.keep(worker);
  }

  find(id: string): Worker | undefined {
    const known = this.known.get(id);
    if (known) return known;
    const row = this.byId.get(id) as { body: string } | undefined;
    const [worker] = row ? readableRows([row], readWorker) : [];
    return worker && this.keep(worker);
  }

  /** Newest first. */
  list(): Worker[] {
    const workers = this.isComplete ? [...this.known.values()] : this.readAll();
    return workers.reverse();
  }

  page({ limit, after }: PageRequest, state: WorkerState | undefined): Page<Worker> {
    const inState = state ? "AND CASE WHEN json_valid(body) THEN body ->> '$.state' END = ?" : '';
    const rows = this.database
      .prepare(`SELECT seq, body FROM workers WHERE seq < ? ${inState} ORDER BY seq DESC LIMIT ?`)
      .all(Number(after ?? Number.MAX_SAFE_INTEGER), ...(state ? [state] : []), limit + 1) as {
      seq: number;
      body: string;
    }[];
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return { items: readableRows(rows.slice(0, limit), readWorker), ...(last && { next: String(last.seq) }) };
  }

  /** A piece of work is done. */
  flush(): void {
    this.before.clear();
  }

  /** What the work that went on has saved is undone. */
  undo(): void {
    for (const [id, worker] of this.before) {
      if (worker) this.known.set(id, worker);
      else this.known.delete(id);
    }
    this.before.clear();
  }

  /** Nothing of what is remembered counts any more. */
  forget(): void {
    this.known.clear();
    this.before.clear();
    this.isComplete = false;
  }

  private readAll(): Worker[] {
    const workers = readableRows(this.all.all() as { body: string }[], readWorker);
    if (workers.length > workersKnown) return workers;
    this.known.clear();
    for (const worker of workers) this.known.set(worker.id, worker);
    this.isComplete = true;
    return workers;
  }

  private keep(worker: Worker): Worker {
    if (this.known.size >= workersKnown && !this.known.has(worker.id)) {
      this.known.clear();
      this.isComplete = false;
    }
    this.known.set(worker.id, worker);
    return worker;
  }
}

/** A worker that cannot be read is unknown, and registers again. */
function readWorker(row: { body: string }): Worker {
  return readRow('A worker', () => {
    const worker = object(JSON.parse(row.body), 'the worker') as unknown as Worker;
    if (typeof worker.id !== 'string') throw new Error('its id is missing');
    numbers({ registeredAt: worker.registeredAt, lastSeenAt: worker.lastSeenAt });
    return worker;
  });
}
