/** Takes the tasks of cancelled jobs back, records what was done until then, and clears what their workers staged. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import {
  cancelTask,
  Clock,
  JobStore,
  LongshoreError,
  messageOf,
  openTaskStates,
  sumOver,
  type Job,
  type Task,
} from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Happenings } from '../events/happenings.js';
import { PluginCatalog } from '../plugins/plugin-catalog.js';
import { RecordWriter } from '../skipping/record-writer.js';
import { Leftovers } from './leftovers.js';
import { untilStored } from './until-stored.js';

/** Tasks in one transaction; large ones hold hundreds of objects, and everybody else waits for it. */
const atOnce = 50;
const lookAgainMs = 500;

@Injectable()
export class Canceller implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(Canceller.name);
  private readonly stopping = new AbortController();
  private readonly running = new Map<string, Promise<void>>();
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly plugins: PluginCatalog,
    private readonly leftovers: Leftovers,
    private readonly config: OrchestratorConfig,
    private readonly happenings: Happenings,
    private readonly records: RecordWriter,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.unsubscribe = this.happenings.jobCancelled.subscribe((jobId) => this.begin(jobId));
    for (const job of await this.store.jobsIn(['cancelled'])) {
      if (sumOver(job.counts.tasks, openTaskStates) > 0) this.begin(job.id);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe();
    this.stopping.abort();
    await Promise.all(this.running.values());
  }

  private begin(jobId: string): void {
    if (this.running.has(jobId)) return;
    const work = this.clear(jobId)
      .catch((thrown: unknown) =>
        this.log.error(`Cancelling job ${jobId} stopped: ${messageOf(thrown)}`, { job_id: jobId }),
      )
      .finally(() => this.running.delete(jobId));
    this.running.set(jobId, work);
  }

  private async clear(jobId: string): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted && (await untilStored(this.clock, signal, () => this.cancelSome(jobId)))) continue;
    // Workers hear of it with their next heartbeat; what they stage until then must not be overlooked.
    await this.clock.sleep(this.config.leaseMs, signal);
    for (let job = await this.store.findJob(jobId); job && !signal.aborted; job = await this.store.findJob(jobId)) {
      if (sumOver(job.counts.tasks, openTaskStates) === 0) return this.sweep(job);
      await this.clock.sleep(lookAgainMs, signal);
      // An acceptance that had to be withdrawn makes its task available again.
      await this.cancelSome(jobId);
    }
  }

  private async sweep(job: Job): Promise<void> {
    const plugin = this.plugins.get(job.spec.plugin);
    await this.records.writeIfPossible(job, plugin, this.stopping.signal);
    await this.leftovers.clear(job, plugin);
  }

  /** @returns whether there may be more */
  private async cancelSome(jobId: string): Promise<boolean> {
    const { items } = await this.store.listTasks(jobId, { limit: atOnce, states: ['available', 'leased'] });
    await Promise.all(items.map((task) => this.cancelOne(task)));
    return items.length > 0;
  }

  private async cancelOne({ id }: Task): Promise<void> {
    const now = this.clock.now();
    try {
      await this.store.changeTask(
        id,
        (task) => ({
          task: cancelTask(task, now),
          ...(task.state === 'leased' && { attempt: { outcome: 'cancelled' } }),
        }),
        now,
      );
    } catch (thrown) {
      if (!(thrown instanceof LongshoreError) || thrown.code !== 'transition-refused') throw thrown;
    }
  }
}
