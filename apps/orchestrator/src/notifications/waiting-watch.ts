/** Tells people, once until somebody works again, that work waits and that no worker could take it. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import {
  Clock,
  isLegacy,
  JobStore,
  messageOf,
  waitingNews,
  waitingNow,
  workersThere,
  type Job,
  type News,
  type StoreRecord,
  type Waiting,
  type WaitingSight,
  type Worker,
  type WorkersThere,
} from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Happenings } from '../events/happenings.js';
import { LegacyFit } from '../leases/legacy-fit.js';
import { Rounds } from '../rounds.js';
import { Newsroom } from './newsroom.js';

const recordName = 'waiting-work';

/** By plugin. */
type Remembered = Record<string, Waiting>;

@Injectable()
export class WaitingWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(WaitingWatch.name);
  private readonly rounds: Rounds;
  private readonly servingSince: number;
  /** As it is stored, so that a look at which nothing has changed writes nothing. */
  private stored: Remembered = {};

  constructor(
    private readonly config: OrchestratorConfig,
    private readonly store: JobStore,
    private readonly clock: Clock,
    schedule: SchedulerRegistry,
    private readonly happenings: Happenings,
    private readonly newsroom: Newsroom,
    private readonly legacy: LegacyFit,
  ) {
    this.servingSince = clock.now();
    this.rounds = new Rounds(schedule, {
      name: 'look for work that waits',
      work: () => this.look(),
      failed: (thrown) => this.log.error(`Work that waits could not be looked at: ${messageOf(thrown)}`),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    this.stored = remembered(await this.store.findRecord(recordName));
    this.rounds.start(Math.min(5_000, this.config.news.noWorkersMs / 10));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  private async look(): Promise<void> {
    const sights = await this.sights();
    const { next } = this.decide(this.stored, sights);
    if (JSON.stringify(next) === JSON.stringify(this.stored)) return;
    let told = 0;
    const record = await this.store.changeRecord(recordName, (found) => {
      const decided = this.decide(remembered(found), sights);
      told = decided.news.length;
      return { record: decided.next, notices: decided.news.flatMap((news) => this.newsroom.notices(news)) };
    });
    this.stored = remembered(record);
    if (told > 0) this.happenings.newsAdded.emit();
  }

  private decide(before: Remembered, sights: readonly WaitingSight[]): { next: Remembered; news: News[] } {
    const [next, news]: [Remembered, News[]] = [{}, []];
    for (const sight of sights) {
      const { waiting, tell } = waitingNow(before[sight.plugin], sight, this.config.news.noWorkersMs);
      if (waiting) next[sight.plugin] = waiting;
      if (waiting && tell) news.push(waitingNews(waiting, sight));
    }
    return { next, news };
  }

  /** Workers may be thousands, and are asked for only where work waits that nobody holds. */
  private async sights(): Promise<WaitingSight[]> {
    const now = this.clock.now();
    const byPlugin = Map.groupBy(await this.store.jobsIn(['running']), ({ spec }) => spec.plugin);
    const idle = [...byPlugin.values()].some((jobs) => jobs.every(isIdle) && jobs.some(waits));
    const workers = idle ? await this.store.listWorkers() : [];
    return [...byPlugin].map(([plugin, jobs]) => ({
      now,
      plugin,
      jobs,
      workers: this.workersFor(plugin, workers, now),
    }));
  }

  private workersFor(plugin: string, workers: readonly Worker[], now: number): WorkersThere {
    const canRun = (worker: Worker) => {
      if (isLegacy(worker)) return this.legacy.pluginOf(worker) === plugin;
      return worker.plugin === undefined || worker.plugin === plugin;
    };
    const goneMs = this.config.runEnd.workerGoneMs;
    return workersThere(workers, { now, servingSince: this.servingSince, goneMs, canRun });
  }
}

function isIdle({ counts }: Job): boolean {
  return counts.tasks.leased + counts.tasks.accepted === 0;
}

function waits({ counts }: Job): boolean {
  return counts.tasks.available > 0;
}

function remembered(record: StoreRecord | undefined): Remembered {
  return (record ?? {}) as Remembered;
}
