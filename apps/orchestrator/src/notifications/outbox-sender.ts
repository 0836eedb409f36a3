/** Sends what the outbox holds, again and again until it was sent. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Clock, JobStore, messageOf, Notifier, type OutboxEntry } from '@longshore/core';
import { Happenings } from '../events/happenings.js';

const intervalName = 'send notifications';
const longestDelayMs = 10 * 60_000;

@Injectable()
export class OutboxSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(OutboxSender.name);
  private current: Promise<void> | undefined;
  private moreToSend = false;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly store: JobStore,
    private readonly notifier: Notifier,
    private readonly clock: Clock,
    private readonly schedule: SchedulerRegistry,
    private readonly happenings: Happenings,
  ) {}

  onApplicationBootstrap(): void {
    this.unsubscribe = this.happenings.newsAdded.subscribe(() => this.send());
    this.schedule.addInterval(
      intervalName,
      setInterval(() => this.send(), 5_000),
    );
    this.send();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe();
    if (this.schedule.doesExist('interval', intervalName)) this.schedule.deleteInterval(intervalName);
    await this.current;
  }

  /** What arrives while some is being sent is sent right after it. */
  private send(): void {
    this.moreToSend = true;
    this.current ??= this.sendAll()
      .catch((thrown: unknown) => this.log.error(`The outbox could not be read: ${messageOf(thrown)}`))
      .finally(() => (this.current = undefined));
  }

  private async sendAll(): Promise<void> {
    while (this.moreToSend) {
      this.moreToSend = false;
      await this.sendDue();
    }
  }

  private async sendDue(): Promise<void> {
    for (const entry of await this.store.dueNotifications(this.clock.now(), 50)) await this.sendOne(entry);
  }

  private async sendOne(entry: OutboxEntry): Promise<void> {
    const { id, subject, text } = entry;
    try {
      await this.notifier.notify({ id, subject, text });
      await this.store.settleNotification(id, { sentAt: this.clock.now() });
    } catch (thrown) {
      const failures = entry.failures + 1;
      const dueAt = this.clock.now() + Math.min(longestDelayMs, 1_000 * 2 ** failures);
      this.log.warn(`A notification was not sent and will be tried again: ${messageOf(thrown)}`, {
        notification_id: id,
        failures,
      });
      await this.store.settleNotification(id, { failures, dueAt });
    }
  }
}
