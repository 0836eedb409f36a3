/** Lets all the changes that are waiting share one transaction, so that one fsync serves many requests. */
import type { DatabaseSync } from 'node:sqlite';
import { LongshoreError, messageOf } from '@longshore/core';

interface Waiting {
  work: () => unknown;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

export class GroupCommit {
  private waiting: Waiting[] = [];

  constructor(private readonly database: DatabaseSync) {}

  /** Runs `work` in a transaction and resolves once it is on disk. If it throws, its own changes alone are undone. */
  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      if (this.waiting.length === 1) setImmediate(() => this.commit());
    });
  }

  private commit(): void {
    const group = this.waiting;
    this.waiting = [];
    let outcomes: (() => void)[];
    try {
      this.database.exec('BEGIN IMMEDIATE');
      outcomes = group.map((waiting) => this.attempt(waiting));
      this.database.exec('COMMIT');
    } catch (thrown) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      const error = commitError(thrown);
      outcomes = group.map(
        ({ reject }) =>
          () =>
            reject(error),
      );
    }
    for (const settle of outcomes) settle();
  }

  private attempt({ work, resolve, reject }: Waiting): () => void {
    this.database.exec('SAVEPOINT one');
    try {
      const value = work();
      this.database.exec('RELEASE one');
      return () => resolve(value);
    } catch (thrown) {
      // A full or failing disk makes SQLite undo the whole transaction by itself: then nobody in this group has changed anything.
      if (!this.database.isTransaction) throw thrown;
      this.database.exec('ROLLBACK TO one; RELEASE one');
      return () => reject(isDiskError(thrown) ? commitError(thrown) : thrown);
    }
  }
}

/** Primary result codes of SQLite: https://www.sqlite.org/rescode.html */
const [ioError, full] = [10, 13];

function isDiskError(thrown: unknown): boolean {
  return [ioError, full].includes(resultCode(thrown));
}

function resultCode(thrown: unknown): number {
  const { errcode } = (thrown ?? {}) as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : 0;
}

function commitError(thrown: unknown): LongshoreError {
  return resultCode(thrown) === full
    ? new LongshoreError('disk-full', 'The disk of the state file is full; nothing was recorded.', {
        remedy: 'Make room; the request may then be repeated.',
        cause: thrown,
      })
    : new LongshoreError('storage-failed', `The state file could not be written: ${messageOf(thrown)}.`, {
        remedy: 'Look after its disk; the request may then be repeated.',
        cause: thrown,
      });
}
