/** Lets all the changes that are waiting share one transaction, so that one fsync serves many requests. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LongshoreError, messageOf } from '@longshore/core';

interface Waiting {
  work: () => unknown;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

/** What is kept in memory beside the file. */
export interface Memory {
  /** Writes what was put off while one piece of work went on, in the transaction of that work. */
  flush(): void;
  /** The work that went on was undone, before it was flushed. */
  undo(): void;
  /** All that was not committed was undone, so nothing of what is remembered counts. */
  forget(): void;
}

/** How long those that have come wait for those that are on their way, which share their fsync. */
const gatherMs = 1;

/** A thousand workers that were woken at once share several transactions, so that between them others are heard. */
const longestMs = 10;

/** For the same reason: those that were answered have more to do than what was stored. */
const mostTogether = 16;

const noMemory: Memory = { flush: () => undefined, undo: () => undefined, forget: () => undefined };

export class GroupCommit {
  private waiting: Waiting[] = [];
  private fatal: LongshoreError | undefined;
  private readonly begin: StatementSync;
  private readonly end: StatementSync;
  private readonly savepoint: StatementSync;
  private readonly release: StatementSync;

  /** @param onFatal told once, when the disk has failed: what it holds is known only after the file was opened again */
  constructor(
    private readonly database: DatabaseSync,
    private readonly onFatal: (error: LongshoreError) => void = () => undefined,
    private readonly memory: Memory = noMemory,
  ) {
    this.begin = database.prepare('BEGIN IMMEDIATE');
    this.end = database.prepare('COMMIT');
    this.savepoint = database.prepare('SAVEPOINT one');
    this.release = database.prepare('RELEASE one');
  }

  /** Runs `work` in a transaction and resolves once it is on disk. If it throws, its own changes alone are undone. */
  run<T>(work: () => T): Promise<T> {
    if (this.fatal) return Promise.reject(this.fatal);
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      if (this.waiting.length === 1) this.gather();
    });
  }

  /** A look round the loop costs microseconds, and a commit hundreds: as long as each look finds more, there is another. */
  private gather(known = 1, until = performance.now() + gatherMs): void {
    setImmediate(() => {
      const { length } = this.waiting;
      if (length > known && performance.now() < until) this.gather(length, until);
      else this.commit();
    });
  }

  private commit(): void {
    const { taken, outcomes } = this.together(this.waiting);
    this.waiting = this.waiting.slice(taken);
    for (const settle of outcomes) settle();
    if (this.fatal) this.onFatal(this.fatal);
    else if (this.waiting.length > 0) this.gather(this.waiting.length);
  }

  /** As many of those that wait as there is time for, and how each ended. */
  private together(group: readonly Waiting[]): { taken: number; outcomes: (() => void)[] } {
    const outcomes: (() => void)[] = [];
    const until = performance.now() + longestMs;
    let taken = 0;
    try {
      this.begin.run();
      if (group.length === 1) return { taken: 1, outcomes: [this.alone(group[0]!)] };
      do outcomes.push(this.attempt(group[taken++]!));
      while (taken < group.length && taken < mostTogether && performance.now() < until);
      this.end.run();
      return { taken, outcomes };
    } catch (thrown) {
      const error = commitError(thrown);
      if (isFatal(thrown)) this.fatal = error;
      this.rollBack();
      // Those that have not begun would meet the same fault.
      return {
        taken: group.length,
        outcomes: group.map(
          ({ reject }) =>
            () =>
              reject(error),
        ),
      };
    }
  }

  /** Also after a fault of the disk, so that nobody reads what was not recorded; that this fails too is no news then. */
  private rollBack(): void {
    this.memory.forget();
    try {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
    } catch (thrown) {
      this.fatal ??= commitError(thrown);
    }
  }

  /** What has the transaction for itself needs no savepoint, for which SQLite keeps a copy of each page that is changed. */
  private alone(one: Waiting): () => void {
    return this.carryOut(one, this.end, 'ROLLBACK');
  }

  private attempt(one: Waiting): () => void {
    this.savepoint.run();
    return this.carryOut(one, this.release, 'ROLLBACK TO one; RELEASE one');
  }

  private carryOut({ work, resolve, reject }: Waiting, keep: StatementSync, undo: string): () => void {
    let value: unknown;
    try {
      value = work();
      this.memory.flush();
    } catch (thrown) {
      this.memory.undo();
      // A full or failing disk makes SQLite undo the whole transaction by itself: then nobody in this group has changed anything.
      if (!this.database.isTransaction || isFatal(thrown)) throw thrown;
      this.database.exec(undo);
      return () => reject(resultCode(thrown) === full ? commitError(thrown) : thrown);
    }
    keep.run();
    return () => resolve(value);
  }
}

/** Primary result codes of SQLite: https://www.sqlite.org/rescode.html */
const [ioError, corrupt, full, notADatabase] = [10, 11, 13, 26];

/**
 * After a sync that failed, the system may call the next one a success although the bytes are gone (https://lwn.net/Articles/752063/), so
 * nothing is tried again: the process ends, and the next one reads what is really there.
 */
function isFatal(thrown: unknown): boolean {
  return [ioError, corrupt, notADatabase].includes(resultCode(thrown));
}

function resultCode(thrown: unknown): number {
  const { errcode } = (thrown ?? {}) as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : 0;
}

function commitError(thrown: unknown): LongshoreError {
  switch (resultCode(thrown)) {
    case full:
      return new LongshoreError('disk-full', 'The disk of the state file is full; nothing was recorded.', {
        remedy: 'Make room; the request may then be repeated.',
        cause: thrown,
      });
    case corrupt:
    case notADatabase:
      return new LongshoreError('state-damaged', `The state file is damaged: ${messageOf(thrown)}.`, {
        remedy: 'Stop, and bring a backup back with "longshore restore".',
        cause: thrown,
      });
    default:
      return new LongshoreError('storage-failed', `The state file could not be written: ${messageOf(thrown)}.`, {
        remedy: 'Look after its disk; the request may then be repeated.',
        cause: thrown,
      });
  }
}
