/** Workers, owners of outputs, and what features remember, as rows. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { OutputClaim, Page, PageRequest, StoreRecord, Worker, WorkerState } from '@longshore/core';
import { numbers, object, readableRows, readRow } from './row-shapes.js';

/** More than a large fleet has; a worker is less than a kilobyte. */
const workersKnown = 20_000;

export class WorkerRows {
  /** As they are in their rows: every request of a worker asks for its own. */
  private readonly known = new Map<string, Worker>();
  private readonly upsert: StatementSync;
  private readonly byId: StatementSync;
  private readonly all: StatementSync;

  constructor(private readonly database: DatabaseSync) {
    this.upsert = database.prepare(
      'INSERT INTO workers (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
    );
    this.byId = database.prepare('SELECT body FROM workers WHERE id = ?');
    this.all = database.prepare('SELECT body FROM workers ORDER BY seq DESC');
  }

  save(worker: Worker): void {
    this.upsert.run(worker.id, JSON.stringify(worker));
    this.keep(worker);
  }

  find(id: string): Worker | undefined {
    const known = this.known.get(id);
    if (known) return known;
    const row = this.byId.get(id) as { body: string } | undefined;
    const [worker] = row ? readableRows([row], readWorker) : [];
    return worker && this.keep(worker);
  }

  /** What was saved is undone. */
  forget(): void {
    this.known.clear();
  }

  private keep(worker: Worker): Worker {
    if (this.known.size >= workersKnown) this.known.clear();
    this.known.set(worker.id, worker);
    return worker;
  }

  list(): Worker[] {
    return readableRows(this.all.all() as { body: string }[], readWorker);
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
}

export class ClaimRows {
  private readonly insert: StatementSync;
  private readonly owner: StatementSync;
  private readonly any: StatementSync;

  constructor(database: DatabaseSync) {
    this.insert = database.prepare(
      'INSERT INTO output_claims (job_id, name, object_key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.owner = database.prepare('SELECT object_key FROM output_claims WHERE job_id = ? AND name = ?');
    this.any = database.prepare('SELECT 1 FROM output_claims WHERE job_id = ? LIMIT 1');
  }

  claim(jobId: string, claim: OutputClaim): string {
    this.insert.run(jobId, claim.name, claim.objectKey);
    return (this.owner.get(jobId, claim.name) as { object_key: string }).object_key;
  }

  exist(jobId: string): boolean {
    return this.any.get(jobId) !== undefined;
  }
}

export class RecordRows {
  private readonly upsert: StatementSync;
  private readonly byName: StatementSync;

  constructor(database: DatabaseSync) {
    this.upsert = database.prepare(
      'INSERT INTO records (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body',
    );
    this.byName = database.prepare('SELECT body FROM records WHERE name = ?');
  }

  save(name: string, record: StoreRecord): void {
    this.upsert.run(name, JSON.stringify(record));
  }

  find(name: string): StoreRecord | undefined {
    const row = this.byName.get(name) as { body: string } | undefined;
    const read = ({ body }: { body: string }) => readRow('A record', () => object(JSON.parse(body), 'the record'));
    return row && readableRows([row], read)[0];
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
