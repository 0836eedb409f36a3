/** Owners of outputs, and what features remember, as rows. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { OutputClaim, StoreRecord } from '@longshore/core';
import { object, readableRows, readRow } from './row-shapes.js';

export class ClaimRows {
  private readonly insert: StatementSync;
  private readonly owner: StatementSync;
  private readonly any: StatementSync;

  constructor(database: DatabaseSync) {
    this.insert = database.prepare(
      'INSERT INTO output_claims (job_id, name, object_key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.owner = database.prepare('SELECT object_key FROM output_claims WHERE job_id = ? AND name = ?');
    this.any = database.prepare('SELECT 1 FROM output_claims WHERE job_id = ? LIMIT 1');
  }

  claim(jobId: string, claim: OutputClaim): string {
    this.insert.run(jobId, claim.name, claim.objectKey);
    return (this.owner.get(jobId, claim.name) as { object_key: string }).object_key;
  }

  exist(jobId: string): boolean {
    return this.any.get(jobId) !== undefined;
  }
}

export class RecordRows {
  private readonly upsert: StatementSync;
  private readonly byName: StatementSync;

  constructor(database: DatabaseSync) {
    this.upsert = database.prepare(
      'INSERT INTO records (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body',
    );
    this.byName = database.prepare('SELECT body FROM records WHERE name = ?');
  }

  save(name: string, record: StoreRecord): void {
    this.upsert.run(name, JSON.stringify(record));
  }

  find(name: string): StoreRecord | undefined {
    const row = this.byName.get(name) as { body: string } | undefined;
    const read = ({ body }: { body: string }) => readRow('A record', () => object(JSON.parse(body), 'the record'));
    return row && readableRows([row], read)[0];
  }
}
