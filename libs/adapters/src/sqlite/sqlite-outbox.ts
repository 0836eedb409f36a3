/** The outbox of the embedded store. */
import type { DatabaseSync } from 'node:sqlite';
import {
  Outbox,
  type ChannelChoice,
  type Notice,
  type NoticePage,
  type NoticeResult,
  type OutboxEntry,
  type Page,
} from '@longshore/core';
import type { GroupCommit } from './group-commit.js';
import { OutboxRows } from './outbox-rows.js';

export class SqliteOutbox extends Outbox {
  private readonly rows: OutboxRows;

  constructor(
    database: DatabaseSync,
    private readonly commits: GroupCommit,
  ) {
    super();
    this.rows = new OutboxRows(database);
  }

  /** Within the transaction of what it tells. */
  add(notices: readonly Notice[]): void {
    this.rows.add(notices);
  }

  async due(now: number, limit: number, channels?: ChannelChoice): Promise<OutboxEntry[]> {
    return this.rows.due(now, limit, channels);
  }

  settle(id: string, result: NoticeResult): Promise<void> {
    return this.commits.run(() => this.rows.settle(id, result));
  }

  async list(page: NoticePage): Promise<Page<OutboxEntry>> {
    return this.rows.list(page);
  }

  forget(before: number, limit: number): Promise<number> {
    return this.commits.run(() => this.rows.forget(before, limit));
  }
}
