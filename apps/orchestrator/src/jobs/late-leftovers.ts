/** Clears once more what late workers staged for a job that has ended: one that stood still may stage until its lease is long over. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, endedJobStates, JobStore, messageOf, type Job } from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Happenings } from '../events/happenings.js';
import { PluginCatalog } from '../plugins/plugin-catalog.js';
import { Leftovers } from './leftovers.js';

/** Jobs looked at after a restart, newest first. */
const lookedAtBoot = 50;

@Injectable()
export class LateLeftovers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(LateLeftovers.name);
  private readonly stopping = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly plugins: PluginCatalog,
    private readonly leftovers: Leftovers,
    private readonly config: OrchestratorConfig,
    private readonly happenings: Happenings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.unsubscribe = this.happenings.jobEnded.subscribe((jobId) => this.begin(jobId));
    const { items } = await this.store.listJobs({ limit: lookedAtBoot });
    const since = this.clock.now() - this.waitMs;
    for (const job of items) if ((job.endedAt ?? 0) > since) this.begin(job.id);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe();
    this.stopping.abort();
    await Promise.all(this.running);
  }

  private get waitMs(): number {
    return 2 * this.config.leaseMs;
  }

  private begin(jobId: string): void {
    const work = this.clearLater(jobId)
      .catch((thrown: unknown) =>
        this.log.warn(`What was staged late for job ${jobId} is left: ${messageOf(thrown)}.`, { job_id: jobId }),
      )
      .finally(() => this.running.delete(work));
    this.running.add(work);
  }

  private async clearLater(jobId: string): Promise<void> {
    await this.clock.sleep(this.waitMs, this.stopping.signal);
    const job = this.stopping.signal.aborted ? undefined : await this.store.findJob(jobId);
    // A job that runs again stages again; it is cleared at its next end.
    if (job && isOver(job)) await this.leftovers.clear(job, this.plugins.get(job.spec.plugin));
  }
}

function isOver(job: Job): boolean {
  return endedJobStates.includes(job.state);
}
