/** What waits to be told, and what became of it; put in by the changes of a job store, in the same transaction. */
import type { Notice } from '../news/news.js';
import type { Page, PageRequest } from './store-exchange.js';

export const noticeStates = ['waiting', 'sent', 'given-up'] as const;
export type NoticeState = (typeof noticeStates)[number];

export interface OutboxEntry extends Notice {
  state: NoticeState;
  /** How often sending has failed. */
  failures: number;
  dueAt: number;
  /** Why it was not sent the last time, or why it never will be. */
  reason?: string;
  /** When it was sent or given up. */
  settledAt?: number;
}

export type NoticeResult =
  | { sentAt: number }
  | { failures: number; dueAt: number; reason: string }
  | { givenUpAt: number; failures: number; reason: string };

/** Of one channel, or of every one but these; of all, where nothing is said. */
export type ChannelChoice = { of: string } | { notOf: readonly string[] };

export interface NoticePage extends PageRequest {
  state?: NoticeState | undefined;
}

export abstract class Outbox {
  /** What waits and is due, in the order in which it came in. */
  abstract due(now: number, limit: number, channels?: ChannelChoice): Promise<OutboxEntry[]>;

  /** Records that a notice was sent, when to try again, or that it never will be sent. */
  abstract settle(id: string, result: NoticeResult): Promise<void>;

  /** Newest first. */
  abstract list(page: NoticePage): Promise<Page<OutboxEntry>>;

  /** Forgets what was settled before a time, at most so many, and says how many they were. What waits is never forgotten. */
  abstract forget(before: number, limit: number): Promise<number>;
}
