/**
 * Attempts as rows. Of the last attempt the row of its task says who holds it since when, its manifest how the command ended, and a completed task
 * when that was; so an attempt has a row of its own only where there is more to say: a log, a failure, another attempt after it.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { failure, type Attempt, type AttemptEnding, type Task } from '@longshore/core';
import { pack, unpack } from './packing.js';
import { numbers, object } from './row-shapes.js';

export class AttemptRows {
  private readonly upsert: StatementSync;
  private readonly amend: StatementSync;
  private readonly one: StatementSync;
  private readonly rows: StatementSync;

  constructor(database: DatabaseSync) {
    // A row that cannot be read is written anew.
    this.upsert = database.prepare(
      `INSERT INTO attempts (task_id, number, body, log) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT DO UPDATE SET log = coalesce(excluded.log, log),
         body = CASE WHEN json_valid(body) THEN json_patch(body, ?5) ELSE excluded.body END`,
    );
    this.amend = database.prepare(
      `UPDATE attempts SET log = coalesce(?2, log), body = json_patch(body, ?1)
       WHERE task_id = ?3 AND number = ?4 AND json_valid(body)`,
    );
    this.one = database.prepare('SELECT body, log FROM attempts WHERE task_id = ? AND number = ?');
    this.rows = database.prepare(
      'SELECT number, body FROM attempts WHERE task_id = ? AND number > ? ORDER BY number LIMIT ?',
    );
  }

  /** The first attempt under a new fence. */
  open(task: Task, startedAt: number): void {
    if (task.lease?.leasedAt === startedAt) return;
    const attempt: Attempt = { ...whoIn(task), outcome: 'running', startedAt };
    this.write(attempt, attempt);
  }

  /** What is known of the attempt that runs under the fence of this task; unless it goes on, that is its end. */
  record(task: Task, { log, ...ending }: AttemptEnding, now: number): void {
    const isOver = ending.outcome !== 'running';
    const news = { ...ending, ...(isOver && { endedAt: now }) };
    const running = runningIn(task);
    if (running) return this.write({ ...running, ...news }, news, log);
    this.amend.run(JSON.stringify(news), packedLog(log), task.id, task.fence);
  }

  find(taskId: string, number: number, task: Task | undefined): Attempt | undefined {
    const row = this.one.get(taskId, number) as { body: string; log: Uint8Array | null } | undefined;
    const last = task?.fence === number ? lastIn(task) : undefined;
    return row ? { ...known(readAttempt(taskId, number, row.body), last), ...logOf(row.log) } : last;
  }

  /** Those with a higher number, at most so many; all where nothing is said. */
  list(taskId: string, task: Task | undefined, behind = 0, limit = -1): Attempt[] {
    const rows = this.rows.all(taskId, behind, limit) as { number: number; body: string }[];
    const last = task && lastIn(task);
    const attempts = rows.map((row) => known(readAttempt(taskId, row.number, row.body), last));
    const isFurther = last && last.number > (attempts.at(-1)?.number ?? behind);
    return isFurther && (limit < 0 || attempts.length < limit) ? [...attempts, last] : attempts;
  }

  /** @param news what changes where there is a row already */
  private write(attempt: Attempt, news: object, log?: string): void {
    const { taskId, number } = attempt;
    this.upsert.run(taskId, number, JSON.stringify(attempt), packedLog(log), JSON.stringify(news));
  }
}

/** True where the row of the task says all of it. */
export function isSaidByTask(before: Task, after: Task, { outcome, failure, log, ...told }: AttemptEnding): boolean {
  const { manifest, lease, startedAt } = after;
  if (after.fence !== before.fence || failure !== undefined || log !== undefined) return false;
  if (outcome === 'running') {
    return lease !== undefined && manifest?.exitCode === told.exitCode && manifest?.durationMs === told.durationMs;
  }
  const isKnown =
    before.state === 'accepted' &&
    after.state === 'completed' &&
    startedAt !== undefined &&
    startedAt === before.lease?.leasedAt;
  return outcome === 'completed' && isKnown && manifest?.workerId === before.lease?.workerId;
}

/** A row that was written while the attempt ran, with what the row of the task says by now. */
function known(row: Attempt, last: Attempt | undefined): Attempt {
  if (row.outcome !== 'running' || last?.number !== row.number || last.outcome === 'running') return row;
  return { ...row, outcome: last.outcome, ...(last.endedAt !== undefined && { endedAt: last.endedAt }) };
}

/** The last attempt as the row of its task tells it; undefined where that says nothing of one. */
function lastIn(task: Task): Attempt | undefined {
  const { manifest, startedAt, endedAt, id: taskId, fence: number } = task;
  if (task.state !== 'completed') return runningIn(task);
  if (startedAt === undefined || endedAt === undefined || manifest?.attempt !== number) return undefined;
  const { workerId, exitCode, durationMs } = manifest;
  return { taskId, number, workerId, outcome: 'completed', startedAt, exitCode, durationMs, endedAt };
}

/** The running attempt; undefined where nobody holds the task. */
function runningIn(task: Task): Attempt | undefined {
  const { lease, manifest, fence } = task;
  if (!lease) return undefined;
  const { exitCode, durationMs } = manifest?.attempt === fence ? manifest : {};
  return {
    ...whoIn(task),
    outcome: 'running',
    startedAt: lease.leasedAt,
    ...(exitCode !== undefined && { exitCode }),
    ...(durationMs !== undefined && { durationMs }),
  };
}

function whoIn({ id: taskId, fence: number, lease }: Task): Pick<Attempt, 'taskId' | 'number' | 'workerId'> {
  return { taskId, number, workerId: lease?.workerId ?? '' };
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

function packedLog(log: string | undefined): Uint8Array | null {
  return log === undefined ? null : pack(log);
}

function logOf(packed: Uint8Array | null): { log?: string } {
  try {
    return packed ? { log: unpack<string>(packed) } : {};
  } catch {
    return { log: 'The log cannot be read from the state file.' };
  }
}
