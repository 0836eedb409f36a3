/** Forgets news that was settled long ago. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Clock, JobStore, messageOf } from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Rounds } from '../rounds.js';

const everyMs = 60_000;
/** Few enough that nobody waits behind it; the rest comes a minute later. */
const atOnce = 500;

@Injectable()
export class NoticeKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(NoticeKeeper.name);
  private readonly rounds: Rounds;

  constructor(config: OrchestratorConfig, store: JobStore, clock: Clock, schedule: SchedulerRegistry) {
    this.rounds = new Rounds(schedule, {
      name: 'forget old news',
      work: () => store.outbox.forget(clock.now() - config.news.keepMs, atOnce),
      failed: (thrown) => this.log.warn(`Old news could not be forgotten: ${messageOf(thrown)}`),
    });
  }

  onApplicationBootstrap(): void {
    this.rounds.start(everyMs);
    this.rounds.go();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }
}
