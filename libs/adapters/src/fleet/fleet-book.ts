/** What is known of the fleets of this machine: one small SQLite file, because its lock dies with whoever holds it, and its changes are whole or none. */
import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LongshoreError, messageOf, type FleetTemplate } from '@longshore/core';

/** A worker process as it was started. */
export interface WrittenMember {
  worker: string;
  pid: number;
  /** Of the process, because its id may be used again. */
  identity: string;
  startedAt: number;
  log: string;
  draining: boolean;
}

export interface WrittenFleet {
  name: string;
  wanted: number;
  template: FleetTemplate;
  /** Where its workers are started, because plugins are looked for from there. */
  folder: string;
  /** How many workers it ever had. */
  numbered: number;
  members: WrittenMember[];
}

/** Starting a hundred processes takes a second. */
const waitMs = 30_000;
const version = 1;

export class FleetBook implements Disposable {
  private constructor(
    private readonly path: string,
    private readonly database: DatabaseSync,
  ) {}

  /** @throws LongshoreError `state-damaged`, or `access-denied` */
  static open(path: string): FleetBook {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const database = new DatabaseSync(path, { timeout: waitMs });
      chmodSync(path, 0o600);
      const book = new FleetBook(path, database);
      book.prepare();
      return book;
    } catch (thrown) {
      throw bookError(path, thrown);
    }
  }

  read(name: string): WrittenFleet | undefined {
    try {
      const row = this.database.prepare('SELECT facts FROM fleet WHERE name = ?').get(name) as
        { facts: string } | undefined;
      return row && (JSON.parse(row.facts) as WrittenFleet);
    } catch (thrown) {
      throw bookError(this.path, thrown);
    }
  }

  /** Nobody else changes a fleet meanwhile. What is thrown leaves everything as it was. */
  change<T>(name: string, work: (before: WrittenFleet | undefined) => { after: WrittenFleet; result: T }): T {
    try {
      this.database.exec('BEGIN IMMEDIATE');
    } catch (thrown) {
      throw bookError(this.path, thrown);
    }
    try {
      const { after, result } = work(this.read(name));
      const write =
        'INSERT INTO fleet (name, facts) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET facts = excluded.facts';
      this.database.prepare(write).run(name, JSON.stringify(after));
      this.database.exec('COMMIT');
      return result;
    } catch (thrown) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw thrown instanceof LongshoreError ? thrown : bookError(this.path, thrown);
    }
  }

  [Symbol.dispose](): void {
    this.database.close();
  }

  private prepare(): void {
    const { user_version: found } = this.database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (found > version) throw new Error(`it is of a newer version of Longshore (${found})`);
    if (found === version) return;
    this.database.exec(`
      BEGIN IMMEDIATE;
      CREATE TABLE IF NOT EXISTS fleet (name TEXT PRIMARY KEY, facts TEXT NOT NULL) STRICT;
      PRAGMA user_version = ${version};
      COMMIT;
    `);
  }
}

function bookError(path: string, thrown: unknown): LongshoreError {
  const text = messageOf(thrown);
  if (/busy|locked/i.test(text)) {
    return new LongshoreError('machine-failed', `Another command changes the fleets of ${path}, and does not end.`, {
      remedy: 'Try again when it has.',
      cause: thrown,
    });
  }
  if (/EACCES|EPERM|readonly|unable to open/i.test(text)) {
    return new LongshoreError('access-denied', `The fleets of ${path} cannot be written: ${text}.`, {
      remedy: 'Give this user the folder, or name another with LONGSHORE_HOME.',
      cause: thrown,
    });
  }
  return new LongshoreError('state-damaged', `The fleets of ${path} cannot be read: ${text}.`, {
    remedy: 'End the workers that run with "longshore drain", move the file away, and start the fleet again.',
    cause: thrown,
  });
}
