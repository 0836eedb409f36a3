/** Notifications, through an outbox that forgets nothing. */
import { Module } from '@nestjs/common';
import { OutboxSender } from './outbox-sender.js';

@Module({ providers: [OutboxSender] })
export class NotificationsModule {}
