/** Plans jobs: lists their input into tasks, while workers are already served from what is stored. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import {
  asLongshoreError,
  Chance,
  Clock,
  endedJobStates,
  endJob,
  failureOf,
  JobStore,
  nextJobState,
  ObjectStore,
  type Job,
  Scratch,
  type LongshoreError,
} from '@longshore/core';
import { Happenings } from '../events/happenings.js';
import { Newsroom } from '../notifications/newsroom.js';
import { PluginCatalog } from '../plugins/plugin-catalog.js';
import { ImageDigests } from '../skipping/image-digests.js';
import { RecordWriter } from '../skipping/record-writer.js';
import { scanJob } from './scan.js';

/** Waits between tries of a listing that storage trouble interrupted; about four minutes in all, then the job fails and says why. */
const retryDelaysMs = [1_000, 5_000, 30_000, 60_000, 120_000];

const fullDiskDelayMs = 2_000;

@Injectable()
export class Planner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(Planner.name);
  private readonly stopping = new AbortController();
  private readonly running = new Map<string, { planning: Promise<void>; cancelled: AbortController }>();
  private readonly subscriptions: (() => void)[] = [];

  constructor(
    private readonly store: JobStore,
    private readonly objects: ObjectStore,
    private readonly chance: Chance,
    private readonly clock: Clock,
    private readonly plugins: PluginCatalog,
    private readonly happenings: Happenings,
    private readonly newsroom: Newsroom,
    private readonly scratch: Scratch,
    private readonly images: ImageDigests,
    private readonly records: RecordWriter,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { jobCreated, jobCancelled } = this.happenings;
    this.subscriptions.push(jobCreated.subscribe((jobId) => this.begin(jobId)));
    this.subscriptions.push(jobCancelled.subscribe((jobId) => this.running.get(jobId)?.cancelled.abort()));
    for (const job of await this.store.jobsIn(['pending', 'running', 'paused'])) {
      if (job.scan !== 'done') this.begin(job.id);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const unsubscribe of this.subscriptions) unsubscribe();
    this.stopping.abort();
    await Promise.all([...this.running.values()].map(({ planning }) => planning));
  }

  private begin(jobId: string): void {
    if (this.running.has(jobId) || this.stopping.signal.aborted) return;
    const cancelled = new AbortController();
    const planning = this.plan(jobId, AbortSignal.any([this.stopping.signal, cancelled.signal]))
      .catch((thrown: unknown) => this.log.error(`Planning job ${jobId} stopped: ${String(thrown)}`, { job_id: jobId }))
      .finally(() => this.running.delete(jobId));
    this.running.set(jobId, { planning, cancelled });
  }

  private async plan(jobId: string, signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const trouble = await this.scanOnce(jobId, signal);
      if (!trouble) return;
      if (trouble.code === 'disk-full') {
        // The disk of the state: no fault of the job, so it waits for room however long that takes.
        await this.clock.sleep(fullDiskDelayMs, signal);
        continue;
      }
      const delayMs = retryDelaysMs[failures];
      failures += 1;
      if (trouble.failureClass !== 'infra' || delayMs === undefined) return this.fail(jobId, trouble);
      this.log.warn(`Listing for job ${jobId} will be tried again: ${trouble.sentence}`, {
        job_id: jobId,
        code: trouble.code,
      });
      await this.clock.sleep(delayMs, signal);
    }
  }

  private async scanOnce(jobId: string, signal: AbortSignal): Promise<LongshoreError | undefined> {
    const { store, objects, chance, clock, happenings, scratch } = this;
    try {
      const job = await store.changeJob(jobId, (found) => ({ job: started(found, clock.now()) }));
      const plugin = this.plugins.get(job.spec.plugin);
      await scanJob(
        job,
        plugin,
        {
          store,
          objects,
          chance,
          clock,
          scratch,
          image: (stopped) => this.images.await(job, stopped),
          warn: (line) => this.log.warn(`Job ${jobId}: ${line}`, { job_id: jobId }),
          onTasks: () => happenings.workChanged.emit(),
        },
        signal,
      );
      happenings.jobAdvanced.emit(jobId);
      return undefined;
    } catch (thrown) {
      return signal.aborted ? undefined : asLongshoreError(thrown, 'internal-error', 'Listing the input failed');
    }
  }

  private async fail(jobId: string, error: LongshoreError): Promise<void> {
    const why = failureOf(error, 'internal-error', 'Listing the input failed');
    const now = this.clock.now();
    const where = 'The orchestrator met it while it listed the input.';
    const failed = await this.store.changeJob(jobId, (job) => {
      if (endedJobStates.includes(job.state)) return { job };
      if (error.code === 'plugin-unknown') return this.newsroom.pause(job, why, { now, where });
      return { job: endJob({ ...job, failure: why }, now), tell: this.newsroom.end };
    });
    this.happenings.newsAdded.emit();
    this.happenings.workChanged.emit();
    if (error.code === 'plugin-unknown') return;
    await this.records.writeIfPossible(failed, this.plugins.get(failed.spec.plugin), this.stopping.signal);
  }
}

function started(job: Job, now: number): Job {
  if (job.state !== 'pending') return job;
  return { ...job, state: nextJobState(job.state, 'start'), scan: 'running', startedAt: now };
}
