/** The outbox of the job store in memory. */
import type { Notice } from '../news/news.js';
import type { Page } from '../ports/store-exchange.js';
import { Outbox, type ChannelChoice, type NoticePage, type NoticeResult, type OutboxEntry } from '../ports/outbox.js';
import { behind, firstPage } from './memory-pages.js';

export class MemoryOutbox extends Outbox {
  private readonly entries = new Map<string, OutboxEntry>();

  add(notices: readonly Notice[]): void {
    for (const notice of notices) {
      if (this.entries.has(notice.id)) continue;
      this.entries.set(notice.id, { ...structuredClone(notice), state: 'waiting', failures: 0, dueAt: 0 });
    }
  }

  waiting(): OutboxEntry[] {
    return [...this.entries.values()].filter(({ state }) => state === 'waiting');
  }

  async due(now: number, limit: number, channels?: ChannelChoice): Promise<OutboxEntry[]> {
    const chosen = ({ channel }: OutboxEntry) =>
      channels === undefined || ('of' in channels ? channels.of === channel : !channels.notOf.includes(channel));
    const due = this.waiting().filter((entry) => entry.dueAt <= now && chosen(entry));
    return structuredClone(due.sort((a, b) => a.dueAt - b.dueAt).slice(0, limit));
  }

  async settle(id: string, result: NoticeResult): Promise<void> {
    const found = this.entries.get(id);
    if (!found) return;
    const { reason: _past, ...entry } = found;
    if ('sentAt' in result) this.entries.set(id, { ...entry, state: 'sent', settledAt: result.sentAt });
    else if ('dueAt' in result) this.entries.set(id, { ...entry, ...result });
    else {
      const { givenUpAt, ...why } = result;
      this.entries.set(id, { ...entry, ...why, state: 'given-up', settledAt: givenUpAt });
    }
  }

  async list({ limit, after, state }: NoticePage): Promise<Page<OutboxEntry>> {
    const newest = behind([...this.entries.values()].reverse(), after);
    return structuredClone(
      firstPage(
        newest.filter((entry) => state === undefined || entry.state === state),
        limit,
      ),
    );
  }

  async forget(before: number, limit: number): Promise<number> {
    const old = [...this.entries.values()].filter(({ settledAt }) => settledAt !== undefined && settledAt < before);
    for (const { id } of old.slice(0, limit)) this.entries.delete(id);
    return Math.min(limit, old.length);
  }
}
