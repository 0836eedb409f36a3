/** Forgets answers that nobody will ask for again. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Clock, JobStore, messageOf } from '@longshore/core';
import { Rounds } from '../rounds.js';

const everyMs = 60_000;
/** Far longer than anybody repeats a request. */
const keptMs = 3_600_000;
const atOnce = 1_000;

@Injectable()
export class ReceiptKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(ReceiptKeeper.name);
  private readonly rounds: Rounds;
  private stopping = false;

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    schedule: SchedulerRegistry,
  ) {
    this.rounds = new Rounds(schedule, {
      name: 'forget old answers',
      work: () => this.forgetOld(),
      failed: (thrown) => this.log.warn(`Old answers could not be forgotten: ${messageOf(thrown)}`),
    });
  }

  onApplicationBootstrap(): void {
    this.rounds.start(everyMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.rounds.stop();
  }

  /** In small steps, so that nobody waits behind a long one. */
  private async forgetOld(): Promise<void> {
    let forgotten: number;
    do {
      forgotten = await this.store.forgetReceipts(this.clock.now() - keptMs, atOnce);
    } while (forgotten === atOnce && !this.stopping);
  }
}
