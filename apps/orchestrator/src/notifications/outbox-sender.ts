/** Empties the outbox: each channel for itself, and what no channel is left for. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Clock, JobStore, messageOf } from '@longshore/core';
import { Happenings } from '../events/happenings.js';
import { ChannelSender } from './channel-sender.js';
import { Channels } from './channels.js';
import { NewsWords } from './news-words.js';
import { SwitchedOff } from './switched-off.js';

const intervalName = 'send notifications';
const everyMs = 5_000;
const atOnce = 100;

@Injectable()
export class OutboxSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(OutboxSender.name);
  private readonly senders: readonly ChannelSender[];
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly schedule: SchedulerRegistry,
    private readonly happenings: Happenings,
    private readonly channels: Channels,
    private readonly words: NewsWords,
    off: SwitchedOff,
  ) {
    const world = { store, clock, off, words: words.of };
    this.senders = channels.all.map((channel) => new ChannelSender(channel, world));
  }

  async onApplicationBootstrap(): Promise<void> {
    this.unsubscribe = this.happenings.newsAdded.subscribe(() => this.send());
    this.schedule.addInterval(
      intervalName,
      setInterval(() => this.send(), everyMs),
    );
    await this.giveUpOrphans().catch((thrown: unknown) =>
      this.log.error(`The outbox could not be read: ${messageOf(thrown)}`),
    );
    this.send();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe();
    if (this.schedule.doesExist('interval', intervalName)) this.schedule.deleteInterval(intervalName);
    await Promise.all(this.senders.map((sender) => sender.stop()));
  }

  private send(): void {
    for (const sender of this.senders) sender.send();
  }

  /** What waits for a channel that the operator has taken away is at least said here. */
  private async giveUpOrphans(): Promise<void> {
    const { store, clock, channels } = this;
    const reason = 'Its channel is not configured any more.';
    for (;;) {
      const orphans = await store.outbox.due(Number.MAX_SAFE_INTEGER, atOnce, { notOf: channels.names });
      if (orphans.length === 0) return;
      for (const { id, channel, news, failures } of orphans) {
        const { subject, text } = this.words.of(news);
        this.log.warn(`News for ${channel}, which is not configured any more: ${subject}: ${text}`);
        await store.outbox.settle(id, { givenUpAt: clock.now(), failures, reason });
      }
    }
  }
}
