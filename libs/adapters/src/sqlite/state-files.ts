/** Backups of a state file: made while it is in use, and brought back while it is not. */
import { existsSync, fsyncSync, openSync, closeSync, copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LongshoreError, messageOf } from '@longshore/core';
import { markCopy } from './epoch.js';
import { ownerInWords } from './owner.js';
import { inspect, migrate } from './schema.js';

/**
 * Writes everything committed so far to a new file. In one go: requests wait for it, about a second for each 200 MB; the backup API of
 * node:sqlite, which makes nobody wait, gives up as soon as somebody writes.
 */
export function copyState(database: DatabaseSync, target: string): void {
  try {
    database.prepare('VACUUM INTO ?').run(target);
    prepare(target);
  } catch (thrown) {
    if (thrown instanceof LongshoreError) throw thrown;
    const isFull = /full|ENOSPC/i.test(messageOf(thrown));
    throw new LongshoreError(isFull ? 'disk-full' : 'storage-failed', `The copy failed: ${messageOf(thrown)}.`, {
      remedy: 'Make room beside the state file for a second one, then ask again.',
      cause: thrown,
    });
  }
}

/**
 * Puts a backup in the place of a state file. What lay there is kept beside it.
 *
 * @returns where the former state is kept, if there was one
 * @throws LongshoreError `state-in-use`, `state-damaged` when the backup is no good, or `storage-failed`
 */
export function restoreState(source: string, path: string): string | undefined {
  if (!existsSync(source)) throw new LongshoreError('storage-failed', `There is no backup ${source}.`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  refuseWhereHeld(path);
  const incoming = `${path}.restoring`;
  rmSync(incoming, { force: true });
  copyFileSync(source, incoming);
  try {
    prepare(incoming);
  } catch (thrown) {
    rmSync(incoming, { force: true });
    if (thrown instanceof LongshoreError) throw thrown;
    throw new LongshoreError('state-damaged', `${source} is not a backup of Longshore: ${messageOf(thrown)}.`, {
      remedy: 'Take another backup; nothing was changed.',
      cause: thrown,
    });
  }
  const former = existsSync(path) ? `${path}.before-${new Date().toISOString().replace(/[:.]/g, '-')}` : undefined;
  if (former !== undefined) {
    renameSync(path, former);
    // What was committed last lies in the journal, and must not be read into another file.
    if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${former}-wal`);
  }
  renameSync(incoming, path);
  sync(dirname(path));
  return former;
}

/** Makes sure that a copy is whole, marks it, and leaves one file that is on the disk. */
function prepare(path: string): void {
  const copy = new DatabaseSync(path);
  try {
    inspect(copy, path);
    copy.exec('PRAGMA journal_mode = DELETE');
    migrate(copy);
    markCopy(copy);
  } finally {
    copy.close();
  }
  sync(path);
}

function refuseWhereHeld(path: string): void {
  if (!existsSync(path)) return;
  const held = new DatabaseSync(path, { timeout: 500 });
  try {
    held.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK');
  } catch (thrown) {
    // A file that cannot be read is what a backup is for.
    if (!/locked|busy/i.test(messageOf(thrown))) return;
    throw new LongshoreError('state-in-use', `${ownerInWords(path)} has ${path} open.`, {
      remedy: 'Stop it first.',
      cause: thrown,
    });
  } finally {
    held.close();
  }
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
