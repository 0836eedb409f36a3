/** The tables. Each entry of `migrations` moves the schema one version on; what has shipped is never edited. */
import { DatabaseSync } from 'node:sqlite';
import { LongshoreError } from '@longshore/core';
import { teachMigrations } from './migration-functions.js';

export const migrations: readonly string[] = [
  `
  CREATE TABLE jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    idempotency_key TEXT UNIQUE,
    plugin TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'running', 'paused', 'completed', 'failed', 'cancelled')),
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX jobs_by_state ON jobs (state);

  CREATE TABLE job_counts (
    job_id TEXT NOT NULL,
    state TEXT NOT NULL,
    tasks INTEGER NOT NULL CHECK (tasks >= 0),
    objects INTEGER NOT NULL CHECK (objects >= 0),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    PRIMARY KEY (job_id, state)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE tasks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    job_id TEXT NOT NULL REFERENCES jobs (id),
    position INTEGER NOT NULL,
    state TEXT NOT NULL
      CHECK (state IN ('available', 'leased', 'accepted', 'completed', 'dead', 'split', 'cancelled')),
    available_at INTEGER NOT NULL,
    fence INTEGER NOT NULL CHECK (fence >= 0),
    worker_id TEXT CHECK ((worker_id IS NOT NULL) = (state IN ('leased', 'accepted'))),
    objects BLOB NOT NULL,
    manifest BLOB CHECK (manifest IS NOT NULL OR state NOT IN ('accepted', 'completed')),
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX tasks_by_state ON tasks (job_id, state, position);
  CREATE INDEX tasks_by_position ON tasks (job_id, position, seq);
  CREATE INDEX tasks_held ON tasks (worker_id) WHERE worker_id IS NOT NULL;

  CREATE TABLE attempts (
    task_id TEXT NOT NULL REFERENCES tasks (id),
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (task_id, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE output_claims (
    job_id TEXT NOT NULL,
    name TEXT NOT NULL,
    object_key TEXT NOT NULL,
    PRIMARY KEY (job_id, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE workers (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
  ) STRICT;

  CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    due_at INTEGER NOT NULL,
    sent_at INTEGER,
    failures INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX outbox_due ON outbox (due_at) WHERE sent_at IS NULL;
  `,
  `
  ALTER TABLE attempts ADD COLUMN log BLOB;

  CREATE TABLE receipts (
    request_id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    answer TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX receipts_by_time ON receipts (at);
  `,
  `
  CREATE TABLE tokens (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    parent_id TEXT,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX tokens_by_parent ON tokens (parent_id) WHERE parent_id IS NOT NULL;

  CREATE TABLE token_hashes (
    hash TEXT PRIMARY KEY,
    token_id TEXT NOT NULL REFERENCES tokens (id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX token_hashes_by_token ON token_hashes (token_id);
  `,
  `
  CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE records (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE jobs ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN search TEXT NOT NULL DEFAULT '';
  UPDATE jobs SET created_at = longshore_created_at(body), search = longshore_search(body);
  CREATE INDEX jobs_by_time ON jobs (created_at);
  CREATE INDEX jobs_by_plugin ON jobs (plugin);
  CREATE INDEX jobs_to_search ON jobs (state, search);

  ALTER TABLE tasks ADD COLUMN object_count INTEGER;
  ALTER TABLE tasks ADD COLUMN failure_group TEXT;
  CREATE INDEX tasks_by_failure ON tasks (job_id, failure_group, position) WHERE failure_group IS NOT NULL;

  CREATE TABLE failure_groups (
    job_id TEXT NOT NULL,
    id TEXT NOT NULL,
    class TEXT NOT NULL,
    code TEXT NOT NULL,
    pattern TEXT NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    tasks INTEGER NOT NULL CHECK (tasks >= 0),
    objects INTEGER NOT NULL CHECK (objects >= 0),
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    example_task_id TEXT NOT NULL,
    example TEXT NOT NULL,
    PRIMARY KEY (job_id, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE durations (
    job_id TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    count INTEGER NOT NULL,
    sum_ms INTEGER NOT NULL,
    min_ms INTEGER NOT NULL,
    max_ms INTEGER NOT NULL,
    PRIMARY KEY (job_id, bucket)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE work_steps (
    job_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    tasks INTEGER NOT NULL,
    objects INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    failed_attempts INTEGER NOT NULL,
    PRIMARY KEY (job_id, at)
  ) STRICT, WITHOUT ROWID;

  UPDATE tasks SET failure_group = longshore_failure_group(body) WHERE state = 'dead';
  INSERT INTO failure_groups
    SELECT job_id, failure_group, longshore_failure('class', min(body)), longshore_failure('code', min(body)),
      longshore_failure('pattern', min(body)), 0, count(*), sum(longshore_objects(objects)), min(available_at),
      max(available_at), min(id),
      longshore_failure('message', min(body))
    FROM tasks WHERE failure_group IS NOT NULL GROUP BY job_id, failure_group;
  `,
  `
  ALTER TABLE failure_groups ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
  UPDATE failure_groups SET refused = (
    SELECT coalesce(sum(coalesce(tasks.object_count, longshore_objects(tasks.objects))), 0) FROM tasks
    WHERE tasks.job_id = failure_groups.job_id AND tasks.failure_group = failure_groups.id
      AND tasks.fence = 0 AND longshore_refused(tasks.body)
  ) WHERE tasks > 0;
  `,
  `
  CREATE TABLE job_groups (
    job_id TEXT PRIMARY KEY REFERENCES jobs (id),
    body BLOB NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE notices (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'given-up')),
    due_at INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    reason TEXT,
    settled_at INTEGER CHECK ((settled_at IS NULL) = (state = 'waiting')),
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX notices_due ON notices (channel, due_at) WHERE state = 'waiting';
  CREATE INDEX notices_settled ON notices (settled_at) WHERE settled_at IS NOT NULL;
  INSERT INTO notices (id, channel, state, due_at, failures, body)
    SELECT id, 'mail', 'waiting', due_at, failures, longshore_news(id, body) FROM outbox WHERE sent_at IS NULL ORDER BY due_at;
  DROP TABLE outbox;
  `,
  `
  -- Who holds what is known in memory. From here on short lists and manifests are not compressed, and an attempt has no row where that of its task
  -- says all of it.
  DROP INDEX tasks_held;
  `,
  `
  ALTER TABLE tasks ADD COLUMN uncut_bytes INTEGER;
  CREATE INDEX tasks_uncut ON tasks (job_id, uncut_bytes, position) WHERE uncut_bytes IS NOT NULL AND state = 'available';
  `,
];

/**
 * Looks at a file before anything is written to it.
 *
 * @throws LongshoreError `state-damaged` for a file that is damaged, that a newer Longshore has written, or that is somebody else's.
 */
export function inspect(database: DatabaseSync, path: string): void {
  const version = schemaVersion(database);
  if (version > migrations.length) {
    throw new LongshoreError('state-damaged', `${path} was written by a newer Longshore (schema ${version}).`, {
      remedy: 'Start the newer version, or bring a backup of this one back with "longshore restore <backup>".',
    });
  }
  const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number };
  if (version === 0 && tables > 0) throw damagedState(path, 'it holds tables of another program');
  if (tablesOf(database) !== expectedTables(version))
    throw damagedState(path, 'its tables are not those of its version');
  // Reads every page, and every row by every index, because a row that only an index has lost would be lost in silence:
  // 0.7 s for 140 MB.
  const { integrity_check: found } = database.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string };
  if (found !== 'ok') throw damagedState(path, found.replaceAll('\n', ' '));
}

function tablesOf(database: DatabaseSync): string {
  const tables = "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name";
  return JSON.stringify(database.prepare(tables).all());
}

const tablesOfVersion = new Map<number, string>();

function expectedTables(version: number): string {
  const found = tablesOfVersion.get(version) ?? madeTables(version);
  tablesOfVersion.set(version, found);
  return found;
}

function madeTables(version: number): string {
  const fresh = new DatabaseSync(':memory:');
  try {
    teachMigrations(fresh);
    for (const migration of migrations.slice(0, version)) fresh.exec(migration);
    return tablesOf(fresh);
  } finally {
    fresh.close();
  }
}

/** Brings the tables to the version this program knows, each step whole or not at all. */
export function migrate(database: DatabaseSync): void {
  if (schemaVersion(database) < migrations.length) teachMigrations(database);
  for (let version = schemaVersion(database); version < migrations.length; version += 1) {
    database.exec(`BEGIN IMMEDIATE; ${migrations[version]} PRAGMA user_version = ${version + 1}; COMMIT;`);
  }
}

/** Has SQLite read everything it needs to write into each table: damage to the description of one is seen only then. */
export function tryEveryTable(database: DatabaseSync): void {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  for (const { name } of tables.all()) database.prepare(`INSERT INTO "${String(name)}" DEFAULT VALUES`);
}

export function damagedState(path: string, fault: string, cause?: unknown): LongshoreError {
  return new LongshoreError('state-damaged', `${path} is not a state file of Longshore, or it is damaged: ${fault}.`, {
    remedy:
      'Bring a backup back with "longshore restore <backup>", or name another file; nothing was taken out of this one.',
    cause,
  });
}

/** The smallest change there is: it leaves everything as it was, and is written and synced like any other. */
export function rewriteVersion(database: DatabaseSync): void {
  database.exec(`PRAGMA user_version = ${schemaVersion(database)}`);
}

function schemaVersion(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}
