/** A state that was restored does not know what happened after the backup: it begins an epoch of its own. */
import type { DatabaseSync } from 'node:sqlite';
import { failure, nextTaskState, type Task } from '@longshore/core';
import type { JobRows } from './job-rows.js';
import type { TaskRows } from './task-rows.js';
import type { TokenRows } from './token-rows.js';

const why = failure('lease-expired', 'The state was restored from a backup, so every lease of before is void.');

/** Epochs are numbered by the second in which they begin, because one backup may be restored twice and knows nothing of the first time. */
const firstEpochAt = Date.UTC(2026, 0, 1);

/** Marks a copy, so that whoever opens it knows that it is one. */
export function markCopy(database: DatabaseSync): void {
  database.exec("INSERT INTO facts (name, value) VALUES ('copy', 1) ON CONFLICT DO UPDATE SET value = 1");
}

/** The number of the epoch; a marked copy begins the next one. */
export function openEpoch(
  database: DatabaseSync,
  rows: { tasks: TaskRows; jobs: JobRows; tokens: TokenRows },
  now: number,
): number {
  const fact = database.prepare('SELECT value FROM facts WHERE name = ?');
  const read = (name: string) => (fact.get(name) as { value: number } | undefined)?.value ?? 0;
  if (read('copy') === 0) return read('epoch');
  const epoch = Math.max(read('epoch') + 1, Math.floor((now - firstEpochAt) / 1_000));
  database.exec('BEGIN IMMEDIATE');
  try {
    const set = database.prepare('INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = ?');
    set.run('copy', 0, 0);
    set.run('epoch', epoch, epoch);
    for (const task of rows.tasks.heldTasks(undefined)) if (task.state === 'leased') takeBack(task, rows, now);
    rows.jobs.flush();
    lockWorkersOut(rows.tokens);
    database.exec('COMMIT');
  } catch (thrown) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw thrown;
  }
  return epoch;
}

/** Workers come in anew, with what they were given to join; a worker token that was revoked since must not count again. */
function lockWorkersOut(tokens: TokenRows): void {
  let after: string | undefined;
  do {
    const page = tokens.list({ limit: 500, ...(after !== undefined && { after }) });
    for (const token of page.items) if (token.role === 'worker') tokens.save({ ...token, secrets: [] });
    after = page.next;
  } while (after !== undefined);
}

/** Nobody's fault, so nothing is counted. */
function takeBack(task: Task, { tasks, jobs }: { tasks: TaskRows; jobs: JobRows }, now: number): void {
  const { lease: _void, ...rest } = task;
  const available: Task = { ...rest, state: nextTaskState(task.state, 'release'), availableAt: now };
  tasks.save(available, task);
  jobs.recount(available, task.state);
  tasks.recordAttempt(task, { outcome: 'expired', failure: why }, now);
}
