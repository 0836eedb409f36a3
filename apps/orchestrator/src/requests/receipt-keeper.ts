/** Forgets answers that nobody will ask for again. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Clock, JobStore, messageOf } from '@longshore/core';

const intervalName = 'forget old answers';
const everyMs = 60_000;
/** Far longer than anybody repeats a request. */
const keptMs = 3_600_000;
const atOnce = 1_000;

@Injectable()
export class ReceiptKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(ReceiptKeeper.name);
  private current: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly schedule: SchedulerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule.addInterval(
      intervalName,
      setInterval(() => this.tidy(), everyMs),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    if (this.schedule.doesExist('interval', intervalName)) this.schedule.deleteInterval(intervalName);
    await this.current;
  }

  private tidy(): void {
    this.current ??= this.forgetOld()
      .catch((thrown: unknown) => this.log.warn(`Old answers could not be forgotten: ${messageOf(thrown)}`))
      .finally(() => (this.current = undefined));
  }

  /** In small steps, so that nobody waits behind a long one. */
  private async forgetOld(): Promise<void> {
    let forgotten: number;
    do {
      forgotten = await this.store.forgetReceipts(this.clock.now() - keptMs, atOnce);
    } while (forgotten === atOnce && !this.stopping);
  }
}
