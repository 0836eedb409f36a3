/** Stored answers as rows. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { requestRepeated, type Receipt, type StoredAnswer } from '@longshore/core';

export class ReceiptRows {
  private readonly insert: StatementSync;
  private readonly byId: StatementSync;
  private readonly forgetOld: StatementSync;
  private readonly newest: StatementSync;

  constructor(database: DatabaseSync) {
    this.insert = database.prepare(
      'INSERT INTO receipts (request_id, at, answer) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.byId = database.prepare('SELECT request_id, at, answer FROM receipts WHERE request_id = ?');
    this.newest = database.prepare('SELECT max(at) AS at FROM receipts');
    this.forgetOld = database.prepare(
      'DELETE FROM receipts WHERE request_id IN (SELECT request_id FROM receipts WHERE at < ? LIMIT ?)',
    );
  }

  /** @throws LongshoreError `request-repeated` */
  keep(receipt: Receipt | undefined): void {
    if (!receipt) return;
    const { requestId, at, answer } = receipt;
    if (this.insert.run(requestId, at, JSON.stringify(answer)).changes === 0) throw requestRepeated(receipt);
  }

  find(requestId: string): Receipt | undefined {
    const row = this.byId.get(requestId) as { at: number; answer: string } | undefined;
    return row && { requestId, at: row.at, answer: JSON.parse(row.answer) as StoredAnswer };
  }

  latest(): number {
    return (this.newest.get() as { at: number | null }).at ?? 0;
  }

  forget(before: number, limit: number): number {
    return Number(this.forgetOld.run(before, limit).changes);
  }
}
