/** Tokens as rows; of what their bearers show, only the hash. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LongshoreError, revoke, type AccessToken, type Page, type PageRequest } from '@longshore/core';

interface TokenRow {
  seq: number;
  id: string;
  body: string;
}

export class TokenRows {
  private readonly upsert: StatementSync;
  private readonly byId: StatementSync;
  private readonly byHash: StatementSync;
  private readonly byParent: StatementSync;
  private readonly page: StatementSync;
  private readonly addHash: StatementSync;
  private readonly clearHashes: StatementSync;

  constructor(database: DatabaseSync) {
    this.upsert = database.prepare(
      'INSERT INTO tokens (id, parent_id, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
    );
    this.byId = database.prepare('SELECT seq, id, body FROM tokens WHERE id = ?');
    this.byHash = database.prepare(
      'SELECT seq, id, body FROM tokens WHERE id = (SELECT token_id FROM token_hashes WHERE hash = ?)',
    );
    this.byParent = database.prepare('SELECT seq, id, body FROM tokens WHERE parent_id = ? ORDER BY seq');
    this.page = database.prepare('SELECT seq, id, body FROM tokens WHERE seq < ? ORDER BY seq DESC LIMIT ?');
    this.addHash = database.prepare('INSERT INTO token_hashes (hash, token_id) VALUES (?, ?)');
    this.clearHashes = database.prepare('DELETE FROM token_hashes WHERE token_id = ?');
  }

  save(token: AccessToken): void {
    this.upsert.run(token.id, token.parentId ?? null, JSON.stringify(token));
    this.clearHashes.run(token.id);
    for (const { hash } of token.secrets) this.addHash.run(hash, token.id);
  }

  /** @throws LongshoreError `token-not-found` */
  get(id: string): AccessToken {
    const row = this.byId.get(id) as TokenRow | undefined;
    if (row) return read(row);
    throw new LongshoreError('token-not-found', `There is no token ${id}.`);
  }

  find(hash: string): AccessToken | undefined {
    const row = this.byHash.get(hash) as TokenRow | undefined;
    return row && read(row);
  }

  list({ limit, after }: PageRequest): Page<AccessToken> {
    const last = after === undefined ? undefined : (this.byId.get(after) as TokenRow | undefined);
    const rows = this.page.all(last?.seq ?? Number.MAX_SAFE_INTEGER, limit + 1) as unknown as TokenRow[];
    const items = rows.slice(0, limit).map(read);
    const next = rows.length > limit ? items.at(-1)?.id : undefined;
    return { items, ...(next !== undefined && { next }) };
  }

  revoke(id: string, now: number): AccessToken[] {
    const handedOut = (this.byParent.all(id) as unknown as TokenRow[]).map(read);
    const ended = [this.get(id), ...handedOut]
      .filter(({ revokedAt }) => revokedAt === undefined)
      .map((token) => revoke(token, now));
    for (const token of ended) this.save(token);
    return ended;
  }
}

function read({ body }: TokenRow): AccessToken {
  return JSON.parse(body) as AccessToken;
}
