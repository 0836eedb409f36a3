/** Scratch tables as unnamed SQLite files: nothing of them is left, however the process ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { LongshoreError, messageOf, Scratch, ScratchTable } from '@longshore/core';

/** Of each table in memory, in KiB; the rest is on disk. */
const cacheKib = 32_768;
const inOneGo = 500;

export class SqliteScratch extends Scratch {
  async open(): Promise<ScratchTable> {
    return attempt(() => new SqliteTable());
  }
}

class SqliteTable extends ScratchTable {
  private readonly database: DatabaseSync;
  private readonly insert: StatementSync;
  private readonly select: StatementSync;

  constructor() {
    super();
    const folder = mkdtempSync(join(tmpdir(), 'longshore-scratch-'));
    try {
      this.database = new DatabaseSync(join(folder, 'table.db'));
      this.database.exec(`
        PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA cache_size = -${cacheKib};
        CREATE TABLE entries (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
      `);
    } finally {
      // The open file needs no name; without one nobody has to clear it.
      rmSync(folder, { recursive: true, force: true });
    }
    this.insert = this.database.prepare('INSERT OR REPLACE INTO entries (name, value) VALUES (?, ?)');
    this.select = this.database.prepare('SELECT value FROM entries WHERE name = ?');
  }

  async put(entries: readonly (readonly [string, string])[]): Promise<void> {
    for (let start = 0; start < entries.length; start += inOneGo) {
      attempt(() => {
        this.database.exec('BEGIN');
        for (const [name, value] of entries.slice(start, start + inOneGo)) {
          this.insert.run(escaped(name), escaped(value));
        }
        this.database.exec('COMMIT');
      });
      await breath();
    }
  }

  async get(names: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const [index, name] of names.entries()) {
      if (index % inOneGo === inOneGo - 1) await breath();
      const row = attempt(() => this.select.get(escaped(name))) as { value: string } | undefined;
      if (row) found.set(name, original(row.value));
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.database.close();
  }
}

/** A text with a zero character would be cut there, one with half a surrogate pair would come back as another. */
function escaped(text: string): string {
  return text.includes('\0') || !text.isWellFormed() || text.startsWith('"') ? JSON.stringify(text) : text;
}

function original(text: string): string {
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}

/** Requests of workers are answered between two goes. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    const isFull =
      (thrown as { errcode?: number }).errcode === 13 || (thrown as NodeJS.ErrnoException).code === 'ENOSPC';
    throw new LongshoreError(
      isFull ? 'disk-full' : 'storage-failed',
      `The scratch file in ${tmpdir()} cannot be used: ${messageOf(thrown)}.`,
      { remedy: 'Make room there, or name another folder with TMPDIR.', cause: thrown },
    );
  }
}
