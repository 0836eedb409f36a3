/** Schemas of answers about what people are told. */
import { newsEvents, noticeStates } from '@longshore/core';
import type { ChannelTestAnswer, NotificationAnswer, TestNotificationAnswer } from '@longshore/core/protocol';
import { explained, fields, integer, list, maybe, oneOf, text, time, truth } from '../schema-words.js';

const event = oneOf(newsEvents);

export const notification = fields<NotificationAnswer>({
  id: text(),
  news_id: explained(text(), 'The same for every channel; webhooks have it as webhook-id, mails as X-Longshore-News.'),
  event,
  job_id: maybe(text()),
  channel: text(),
  state: oneOf(noticeStates),
  attempts: integer(),
  happened_at: time,
  next_try_at: maybe(explained(time, 'While it waits: it is not tried again before.')),
  settled_at: maybe(explained(time, 'When it was sent, or given up.')),
  reason: maybe(explained(text(), 'Why it was not sent the last time, or why it never will be.')),
});

export const testNotification = fields<TestNotificationAnswer>({
  event,
  channels: list(
    fields<ChannelTestAnswer>({
      channel: text(),
      wanted: explained(truth, 'Whether this channel is told of the event when it really happens.'),
      sent: truth,
      reason: maybe(text()),
    }),
  ),
});
