/** What people were told, for admins: reasons name receivers. */
import { Body, Controller, Get, HttpCode, Post, Query, UsePipes } from '@nestjs/common';
import { JobStore } from '@longshore/core';
import {
  notificationAnswer,
  NotificationsQuery,
  TestNotificationRequest,
  type NotificationAnswer,
  type PageAnswer,
  type TestNotificationAnswer,
} from '@longshore/core/protocol';
import { Allow } from '../access/allow.js';
import { boundedPage } from '../http/bounded-page.js';
import { strictRequest } from '../http/request-validation.js';
import { Describe } from '../openapi/describe.js';
import { ChannelTest } from './channel-test.js';

@Controller('api/v1/notifications')
@UsePipes(strictRequest)
export class NotificationsController {
  constructor(
    private readonly store: JobStore,
    private readonly test: ChannelTest,
  ) {}

  @Get()
  @Allow('admin')
  @Describe({
    summary: 'What people were told or will be, by each channel, the newest first',
    tag: 'operating',
    query: NotificationsQuery,
    answer: { page: 'Notification' },
  })
  async list(@Query() { state, ...page }: NotificationsQuery): Promise<PageAnswer<NotificationAnswer>> {
    return boundedPage(page, (request) => this.store.outbox.list({ ...request, state }), notificationAnswer);
  }

  @Post('test')
  @Allow('admin')
  @HttpCode(200)
  @Describe({
    summary: 'Send an example by every channel, and say what each answered',
    tag: 'operating',
    body: TestNotificationRequest,
    answer: 'TestNotification',
  })
  async try(@Body() { event = 'job-completed' }: TestNotificationRequest): Promise<TestNotificationAnswer> {
    return { event, channels: await this.test.run(event) };
  }
}
