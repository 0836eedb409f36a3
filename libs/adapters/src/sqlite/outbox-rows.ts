/** What people are told, on its way by its channels, as rows. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  ChannelChoice,
  Notice,
  NoticePage,
  NoticeResult,
  NoticeState,
  News,
  OutboxEntry,
  Page,
} from '@longshore/core';
import { object, readableRows, readRow } from './row-shapes.js';

interface Row {
  seq: number;
  id: string;
  channel: string;
  due_at: number;
  settled_at: number | null;
  failures: number;
  reason: string | null;
  state: string;
  body: string;
}

const columns = 'seq, id, channel, due_at, settled_at, failures, reason, state, body';

export class OutboxRows {
  private readonly insert: StatementSync;
  private readonly dueOfAny: StatementSync;
  private readonly dueOf: StatementSync;
  private readonly dueNotOf: StatementSync;
  private readonly sent: StatementSync;
  private readonly later: StatementSync;
  private readonly givenUp: StatementSync;
  private readonly page: StatementSync;
  private readonly old: StatementSync;

  constructor(database: DatabaseSync) {
    const due = (which: string) =>
      database.prepare(
        `SELECT ${columns} FROM notices WHERE state = 'waiting' AND due_at <= ? ${which} ORDER BY due_at, seq LIMIT ?`,
      );
    this.insert = database.prepare(
      `INSERT INTO notices (id, channel, due_at, failures, state, body) VALUES (?, ?, 0, 0, 'waiting', ?)
       ON CONFLICT DO NOTHING`,
    );
    this.dueOfAny = due('');
    this.dueOf = due('AND channel = ?');
    this.dueNotOf = due('AND channel NOT IN (SELECT value FROM json_each(?))');
    this.sent = database.prepare("UPDATE notices SET state = 'sent', settled_at = ?, reason = NULL WHERE id = ?");
    this.later = database.prepare('UPDATE notices SET failures = ?, due_at = ?, reason = ? WHERE id = ?');
    this.givenUp = database.prepare(
      "UPDATE notices SET state = 'given-up', settled_at = ?, failures = ?, reason = ? WHERE id = ?",
    );
    this.page = database.prepare(
      `SELECT ${columns} FROM notices WHERE seq < ? AND (? IS NULL OR state = ?) ORDER BY seq DESC LIMIT ?`,
    );
    this.old = database.prepare(
      'DELETE FROM notices WHERE seq IN (SELECT seq FROM notices WHERE settled_at < ? ORDER BY settled_at LIMIT ?)',
    );
  }

  add(notices: readonly Notice[]): void {
    for (const { id, channel, news } of notices) this.insert.run(id, channel, JSON.stringify(news));
  }

  due(now: number, limit: number, channels?: ChannelChoice): OutboxEntry[] {
    if (channels === undefined) return entries(this.dueOfAny.all(now, limit));
    return entries(
      'of' in channels
        ? this.dueOf.all(now, channels.of, limit)
        : this.dueNotOf.all(now, JSON.stringify(channels.notOf), limit),
    );
  }

  settle(id: string, result: NoticeResult): void {
    if ('sentAt' in result) this.sent.run(result.sentAt, id);
    else if ('dueAt' in result) this.later.run(result.failures, result.dueAt, result.reason, id);
    else this.givenUp.run(result.givenUpAt, result.failures, result.reason, id);
  }

  list({ limit, after, state }: NoticePage): Page<OutboxEntry> {
    const before = Number(after ?? Number.MAX_SAFE_INTEGER);
    if (!Number.isSafeInteger(before)) return { items: [] };
    const rows = this.page.all(before, state ?? null, state ?? null, limit + 1) as unknown as Row[];
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return { items: entries(rows.slice(0, limit)), ...(last && { next: String(last.seq) }) };
  }

  forget(before: number, limit: number): number {
    return Number(this.old.run(before, limit).changes);
  }
}

/** What cannot be read cannot be told; the rest goes on. */
function entries(rows: unknown[]): OutboxEntry[] {
  return readableRows(rows as Row[], (row) => ({
    id: row.id,
    channel: row.channel,
    news: readNews(row),
    state: row.state as NoticeState,
    failures: row.failures,
    dueAt: row.due_at,
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.settled_at !== null && { settledAt: row.settled_at }),
  }));
}

function readNews({ body }: Row): News {
  return readRow('A notice', () => {
    const { id, event, at, facts } = object(JSON.parse(body), 'the news') as unknown as News;
    if (typeof id !== 'string' || typeof event !== 'string' || typeof at !== 'number')
      throw new Error('a part is missing');
    return { id, event: event, at, facts: object(facts, 'the facts') as unknown as News['facts'] };
  });
}
