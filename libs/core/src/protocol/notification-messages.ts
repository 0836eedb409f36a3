/** What people were told, and will be, as it travels. */
import 'reflect-metadata';
import { IsIn, IsOptional } from 'class-validator';
import { toldEvents, type NewsEvent } from '../news/news.js';
import { noticeStates, type NoticeState, type OutboxEntry } from '../ports/outbox.js';
import { isoTime } from './iso-time.js';
import { PageQuery } from './job-messages.js';

export class NotificationsQuery extends PageQuery {
  @IsOptional() @IsIn(noticeStates) state?: NoticeState;
}

export class TestNotificationRequest {
  /** The event of the example; `job-completed` where nothing is said. */
  @IsOptional() @IsIn(toldEvents) event?: NewsEvent;
}

export interface NotificationAnswer {
  id: string;
  /** The same for every channel. */
  news_id: string;
  event: NewsEvent;
  job_id?: string;
  channel: string;
  state: NoticeState;
  attempts: number;
  happened_at: string;
  /** While it waits: not tried again before. */
  next_try_at?: string;
  /** When it was sent, or given up. */
  settled_at?: string;
  /** Why it was not sent the last time, or why it never will be. */
  reason?: string;
}

export interface ChannelTestAnswer {
  channel: string;
  /** Whether this channel is told of the event when it really happens. */
  wanted: boolean;
  sent: boolean;
  reason?: string;
}

export interface TestNotificationAnswer {
  event: NewsEvent;
  channels: ChannelTestAnswer[];
}

export function notificationAnswer(entry: OutboxEntry): NotificationAnswer {
  const { id, news, channel, state, failures, dueAt, settledAt, reason } = entry;
  const jobId = news.facts.job?.id;
  return {
    id,
    news_id: news.id,
    event: news.event,
    ...(jobId !== undefined && { job_id: jobId }),
    channel,
    state,
    attempts: failures + (state === 'sent' ? 1 : 0),
    happened_at: isoTime(news.at),
    ...(state === 'waiting' && dueAt > 0 && { next_try_at: isoTime(dueAt) }),
    ...(settledAt !== undefined && { settled_at: isoTime(settledAt) }),
    ...(reason !== undefined && { reason }),
  };
}
