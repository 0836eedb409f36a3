/** Opens the state file so that what is committed stays, and so that nobody else has it open. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LongshoreError, messageOf } from '@longshore/core';
import { nameOwner, ownerInWords } from './owner.js';
import { damagedState, inspect, migrate, tryEveryTable } from './schema.js';

/** https://www.sqlite.org/fileformat.html#page_size */
const smallestPage = 512;

/**
 * @param path of the file, or `:memory:`
 * @throws LongshoreError `state-in-use`, `state-damaged` or `invalid-configuration`
 */
export function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    refuseStump(path);
    database = new DatabaseSync(path, { timeout: 2_000, enableForeignKeyConstraints: true });
    // An exclusive lock dies with its process, however it dies; a lock file would outlive a kill -9.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    inspect(database, path);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    // A page that many commits change is copied to its place once for all of them. 32 MiB of log, and 16 MiB of pages in memory.
    database.exec('PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -16000;');
    // What a refused request would be undone with goes nowhere but to memory, instead of to a file in the temporary folder.
    database.exec('PRAGMA temp_store = MEMORY');
    migrate(database);
    tryEveryTable(database);
    if (path !== ':memory:') nameOwner(path);
    return database;
  } catch (thrown) {
    // Closing would sync once more after a sync that failed, and believe it; a process that cannot open its state ends anyway.
    if (!/disk I\/O/i.test(messageOf(thrown))) database?.close();
    throw openingError(thrown, path);
  }
}

/** SQLite takes what is left of a file that was cut off in its first bytes for an empty one, and would begin anew. */
function refuseStump(path: string): void {
  const size = path === ':memory:' ? 0 : (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  if (size > 0 && size < smallestPage) throw damagedState(path, `it ends after ${size} bytes`);
}

function openingError(thrown: unknown, path: string): LongshoreError {
  if (thrown instanceof LongshoreError) return thrown;
  const text = messageOf(thrown);
  if (/locked|busy/i.test(text)) {
    return new LongshoreError('state-in-use', `${ownerInWords(path)} has ${path} open.`, {
      remedy: 'Stop it first, or start this one with a state file of its own (LONGSHORE_STATE).',
      cause: thrown,
    });
  }
  if (/not a database|malformed|corrupt/i.test(text)) return damagedState(path, text, thrown);
  const disk = /disk I\/O/i.test(text) ? 'storage-failed' : /disk is full/i.test(text) ? 'disk-full' : undefined;
  if (disk) {
    return new LongshoreError(disk, `The state file ${path} cannot be opened: ${text}.`, {
      remedy: 'Look after its disk, then start again; nothing that was recorded is lost.',
      cause: thrown,
    });
  }
  return new LongshoreError('invalid-configuration', `The state file ${path} cannot be opened: ${text}.`, {
    remedy: 'Name a file in a folder this user may write to (LONGSHORE_STATE).',
    cause: thrown,
  });
}
