/** Tells people, once for a job, that more of its objects are dead than they want to hear of first when it is over. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, JobStore, messageOf, passedThreshold, thresholdNews, type Job, type JobChange } from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Happenings } from '../events/happenings.js';
import { Newsroom } from './newsroom.js';

@Injectable()
export class ThresholdWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(ThresholdWatch.name);
  private readonly wanted = new Set<string>();
  private current: Promise<void> | undefined;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly config: OrchestratorConfig,
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly happenings: Happenings,
    private readonly newsroom: Newsroom,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.news.threshold === undefined) return;
    this.unsubscribe = this.happenings.jobAdvanced.subscribe((jobId) => this.look(jobId));
    // A process that died at the wrong moment has not told.
    for (const { id } of await this.store.jobsIn(['running', 'paused'])) this.look(id);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe();
    await this.current;
  }

  /** A job that advances many times meanwhile is looked at once. */
  private look(jobId: string): void {
    this.wanted.add(jobId);
    this.current ??= this.lookAtAll()
      .catch((thrown: unknown) => this.log.error(`Dead objects could not be looked at: ${messageOf(thrown)}`))
      .finally(() => (this.current = undefined));
  }

  private async lookAtAll(): Promise<void> {
    for (const jobId of this.wanted) {
      this.wanted.delete(jobId);
      const job = await this.store.findJob(jobId);
      if (!job || !this.isPast(job)) continue;
      await this.store.changeJob(jobId, (found) => this.told(found));
      this.happenings.newsAdded.emit();
    }
  }

  private isPast(job: Job): boolean {
    return job.thresholdToldAt === undefined && passedThreshold(job, this.config.news.threshold!) !== undefined;
  }

  private told(found: Job): JobChange {
    const past = this.isPast(found) ? passedThreshold(found, this.config.news.threshold!) : undefined;
    if (!past) return { job: found };
    const now = this.clock.now();
    return {
      job: { ...found, thresholdToldAt: now },
      tell: (moment) => this.newsroom.notices(thresholdNews(moment, past, now)),
    };
  }
}
