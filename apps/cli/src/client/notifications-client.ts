/** Speaks the part of the API that is about what people are told. */
import { requestJson } from '@longshore/adapters/http';
import type { NewsEvent, NoticeState } from '@longshore/core';
import type { NotificationAnswer, PageAnswer, TestNotificationAnswer } from '@longshore/core/protocol';
import { userToken } from './user-token.js';

/** A receiver that does not answer is waited for, and a second one behind it. */
const withinMs = 60_000;
const remedy = 'Start one with "longshore orchestrator", or name another with --url.';
const path = '/api/v1/notifications';

export class NotificationsClient {
  constructor(
    private readonly url: string,
    private readonly token = userToken(),
  ) {}

  test(event: NewsEvent): Promise<TestNotificationAnswer> {
    const { url, token } = this;
    return requestJson({ url, token, method: 'POST', path: `${path}/test`, body: { event }, withinMs, remedy });
  }

  async newest(limit: number, state: NoticeState | undefined): Promise<NotificationAnswer[]> {
    const { url, token } = this;
    const query = new URLSearchParams({ limit: String(limit), ...(state !== undefined && { state }) });
    const page = await requestJson<PageAnswer<NotificationAnswer>>({
      url,
      token,
      method: 'GET',
      path: `${path}?${query.toString()}`,
      withinMs,
      remedy,
    });
    return page.items;
  }
}
