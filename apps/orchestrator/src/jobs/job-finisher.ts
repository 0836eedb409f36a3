/** Ends jobs that have no work left: the report is written, leftovers are cleared, people are told. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import {
  asLongshoreError,
  Clock,
  endedJobStates,
  endJob,
  failureOf,
  isSettled,
  JobStore,
  messageOf,
  type Failure,
  type Job,
  type JobChange,
  type JobPlugin,
} from '@longshore/core';
import { Happenings } from '../events/happenings.js';
import { Newsroom } from '../notifications/newsroom.js';
import { PluginCatalog } from '../plugins/plugin-catalog.js';
import { RecordWriter } from '../skipping/record-writer.js';
import { Leftovers } from './leftovers.js';
import { ReportWriter } from './report-writer.js';
import { untilStored } from './until-stored.js';

/** Waits between tries when storage trouble keeps the report from being written. */
const retryDelaysMs = [1_000, 5_000, 30_000, 120_000];

/** Whoever stops the process does not wait much longer. */
const recordWithinMs = 8_000;

@Injectable()
export class JobFinisher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(JobFinisher.name);
  private readonly stopping = new AbortController();
  private readonly finishing = new Map<string, Promise<void>>();
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly plugins: PluginCatalog,
    private readonly reports: ReportWriter,
    private readonly leftovers: Leftovers,
    private readonly happenings: Happenings,
    private readonly newsroom: Newsroom,
    private readonly records: RecordWriter,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.unsubscribe = this.happenings.jobAdvanced.subscribe((jobId) => this.consider(jobId));
    for (const job of await this.store.jobsIn(['running'])) this.consider(job.id);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe();
    this.stopping.abort();
    await Promise.all(this.finishing.values());
    await this.recordOpenJobs().catch((thrown: unknown) => {
      this.log.warn(`What open jobs have done is recorded by the next orchestrator: ${messageOf(thrown)}.`);
    });
  }

  /** The state may be gone for good, as that of a machine that is taken away; what was done until now is known beside the outputs. */
  private async recordOpenJobs(): Promise<void> {
    const limit = AbortSignal.timeout(recordWithinMs);
    const open = await this.store.jobsIn(['running', 'paused']);
    const known = open.filter(({ spec }) => this.plugins.names.includes(spec.plugin));
    await Promise.all(known.map((job) => this.records.writeIfPossible(job, this.plugins.get(job.spec.plugin), limit)));
  }

  /** A job that advances while it is being considered is considered once more. */
  private consider(jobId: string): void {
    const before = this.finishing.get(jobId) ?? Promise.resolve();
    const next = before
      .then(() => this.finishIfSettled(jobId))
      .catch((thrown: unknown) =>
        this.log.error(`Job ${jobId} could not be ended: ${String(thrown)}`, { job_id: jobId }),
      )
      .finally(() => {
        if (this.finishing.get(jobId) === next) this.finishing.delete(jobId);
      });
    this.finishing.set(jobId, next);
  }

  private async finishIfSettled(jobId: string): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const job = await this.store.findJob(jobId);
    if (job?.state !== 'running' || !isSettled(job)) return;
    const trouble = await this.conclude(job);
    if (this.stopping.signal.aborted) return;
    const { clock, store, stopping, newsroom } = this;
    const where = 'The orchestrator met it when every task was settled and the report was due.';
    const end = (found: Job): JobChange => {
      if (endedJobStates.includes(found.state) || !isSettled(found)) return { job: found };
      // A dead letter was redriven while the report was written: the report does not know of it, and is written once more.
      if (found.counts.objects.completed !== job.counts.objects.completed) return { job: found };
      // A plugin that is missing after a restart may be there after the next one; nothing is lost by waiting for it.
      if (trouble?.code === 'plugin-unknown') return newsroom.pause(found, trouble, { now: clock.now(), where });
      const ended = endJob(trouble ? { ...found, failure: trouble } : found, this.clock.now());
      return { job: ended, tell: newsroom.end };
    };
    const ended = await untilStored(clock, stopping.signal, () => store.changeJob(jobId, end));
    this.happenings.newsAdded.emit();
    if (!ended || !endedJobStates.includes(ended.state)) return this.consider(jobId);
    this.happenings.workChanged.emit();
    this.happenings.jobEnded.emit(jobId);
  }

  /** What killed workers left is a nuisance and no reason to call finished work a failure. */
  private async clearLeftovers(job: Job, plugin: JobPlugin): Promise<void> {
    await this.leftovers.clear(job, plugin).catch((thrown: unknown) => {
      this.log.warn(`What killed workers staged for job ${job.id} could not be cleared: ${messageOf(thrown)}.`, {
        job_id: job.id,
      });
    });
  }

  /** @returns why the job fails although its tasks are settled */
  private async conclude(job: Job): Promise<Failure | undefined> {
    const { signal } = this.stopping;
    for (let tries = 0; ; tries += 1) {
      try {
        const plugin = this.plugins.get(job.spec.plugin);
        if (job.counts.objects.completed > 0) await this.reports.write(job, plugin, signal);
        await this.records.writeIfPossible(job, plugin, signal);
        await this.clearLeftovers(job, plugin);
        return undefined;
      } catch (thrown) {
        const error = asLongshoreError(thrown, 'report-failed', `Ending job ${job.id} failed`);
        const delayMs = retryDelaysMs[tries];
        if (error.failureClass !== 'infra' || delayMs === undefined) return failureOf(error, 'report-failed', '');
        this.log.warn(`Ending job ${job.id} will be tried again: ${error.sentence}`, {
          job_id: job.id,
          code: error.code,
        });
        await this.clock.sleep(delayMs, signal);
        if (signal.aborted) return undefined;
      }
    }
  }
}
