/** Forgets news that was settled long ago. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Clock, JobStore, messageOf } from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';

const intervalName = 'forget old news';
const everyMs = 60_000;
/** Few enough that nobody waits behind it; the rest comes a minute later. */
const atOnce = 500;

@Injectable()
export class NoticeKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(NoticeKeeper.name);
  private current: Promise<void> | undefined;

  constructor(
    private readonly config: OrchestratorConfig,
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly schedule: SchedulerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule.addInterval(
      intervalName,
      setInterval(() => this.tidy(), everyMs),
    );
    this.tidy();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.schedule.doesExist('interval', intervalName)) this.schedule.deleteInterval(intervalName);
    await this.current;
  }

  private tidy(): void {
    this.current ??= this.store.outbox
      .forget(this.clock.now() - this.config.news.keepMs, atOnce)
      .then(() => undefined)
      .catch((thrown: unknown) => this.log.warn(`Old news could not be forgotten: ${messageOf(thrown)}`))
      .finally(() => (this.current = undefined));
  }
}
