/** Sends what the outbox holds for one channel, again and again until it was sent or can never be. */
import { Logger } from '@nestjs/common';
import {
  LongshoreError,
  messageOf,
  type Clock,
  type JobStore,
  type News,
  type OutboxEntry,
  type Words,
} from '@longshore/core';
import type { Channel } from './channels.js';
import type { SwitchedOff } from './switched-off.js';

const longestDelayMs = 10 * 60_000;
/** A program that was away for longer has to look for itself; a mail is for people, who may come back after the machine has. */
const webhookPatienceMs = 24 * 3_600_000;
const atOnce = 50;

export interface SendingWith {
  store: JobStore;
  clock: Clock;
  off: SwitchedOff;
  words: (news: News) => Words;
}

export class ChannelSender {
  private readonly log = new Logger(ChannelSender.name);
  private current: Promise<void> | undefined;
  private moreToSend = false;
  private stopping = false;

  constructor(
    private readonly channel: Channel,
    private readonly world: SendingWith,
  ) {}

  /** What arrives while some is being sent is sent right after it. */
  send(): void {
    this.moreToSend = true;
    this.current ??= this.sendAll()
      .catch((thrown: unknown) => this.log.error(`The outbox could not be read: ${messageOf(thrown)}`))
      .finally(() => (this.current = undefined));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.current;
  }

  private async sendAll(): Promise<void> {
    const { store, clock } = this.world;
    while (this.moreToSend && !this.stopping) {
      this.moreToSend = false;
      for (const entry of await store.outbox.due(clock.now(), atOnce, { of: this.channel.name })) {
        if (this.stopping) return;
        await this.sendOne(entry);
        this.moreToSend = true;
      }
    }
  }

  private async sendOne(entry: OutboxEntry): Promise<void> {
    const { store, clock, off, words } = this.world;
    const { news } = entry;
    if (await off.has(this.channel.name)) return this.giveUp(entry, 'Its receiver has said that it wants no more.');
    try {
      await this.channel.notifier.notify({ id: news.id, news, ...words(news) });
    } catch (thrown) {
      return this.notSent(entry, thrown);
    }
    await store.outbox.settle(entry.id, { sentAt: clock.now() });
  }

  private async notSent(entry: OutboxEntry, thrown: unknown): Promise<void> {
    const { store, clock, off } = this.world;
    const reason = thrown instanceof LongshoreError ? thrown.sentence : `${messageOf(thrown)}.`;
    const code = thrown instanceof LongshoreError ? thrown.code : undefined;
    const failed = { ...entry, failures: entry.failures + 1 };
    if (code === 'receiver-gone') {
      await off.add(this.channel.name, reason);
      return this.giveUp(failed, reason);
    }
    if (code === 'notification-refused') return this.giveUp(failed, reason);
    const now = clock.now();
    const tooLong = this.channel.kind === 'webhook' && now - entry.news.at >= webhookPatienceMs;
    if (tooLong) return this.giveUp(failed, `It was tried for a day. ${reason}`);
    const { failures } = failed;
    const dueAt = now + Math.min(longestDelayMs, 1_000 * 2 ** failures);
    this.log.warn(`News could not be sent by ${this.channel.name} and will be tried again: ${reason}`, {
      notification_id: entry.id,
      failures,
    });
    await store.outbox.settle(entry.id, { failures, dueAt, reason });
  }

  private async giveUp({ id, failures, news }: OutboxEntry, reason: string): Promise<void> {
    this.log.error(`The news "${news.id}" is not sent by ${this.channel.name}: ${reason}`);
    await this.world.store.outbox.settle(id, { givenUpAt: this.world.clock.now(), failures, reason });
  }
}
