/** News: what happens is told by every channel that wants it, through an outbox that forgets nothing. */
import { Module } from '@nestjs/common';
import { LeasesModule } from '../leases/leases.module.js';
import { ChannelTest } from './channel-test.js';
import { NewsWords } from './news-words.js';
import { NoticeKeeper } from './notice-keeper.js';
import { NotificationsController } from './notifications.controller.js';
import { OutboxSender } from './outbox-sender.js';
import { SwitchedOff } from './switched-off.js';
import { ThresholdWatch } from './threshold-watch.js';
import { WaitingWatch } from './waiting-watch.js';

@Module({
  imports: [LeasesModule],
  controllers: [NotificationsController],
  providers: [OutboxSender, NewsWords, SwitchedOff, ThresholdWatch, WaitingWatch, NoticeKeeper, ChannelTest],
})
export class NotificationsModule {}
