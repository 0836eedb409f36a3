/** Submits the job that the configuration names: once, however often this process is started. */
import { isDeepStrictEqual } from 'node:util';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { asLongshoreError, Chance, Clock, endedJobStates, JobStore, type LongshoreError } from '@longshore/core';
import type { CreateJobRequest } from '@longshore/core/protocol';
import { backOffMs } from '../back-off.js';
import type { ConfiguredJobSettings } from '../configuration/configured-job-settings.js';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Readiness, workToCome } from '../http/readiness.js';
import { JobSubmission } from '../jobs/job-submission.js';
import { OwnProcess } from '../own-process.js';
import { DescriptionReader } from './description-reader.js';
import type { JobDescription } from './job-description.js';

const recordName = 'configured-job';
const nextJob = 'the next configured job';

/** What was decided to be the job; stored before it is submitted, so that nothing that changes in between can make it two. */
interface Decided {
  [field: string]: unknown;
  /** 1 for the first job that was configured here. */
  number: number;
  request: CreateJobRequest;
  /** The name of the run, where the description has one. */
  run?: string;
  /** Once it is submitted. */
  jobId?: string;
}

@Injectable()
export class JobStarter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(JobStarter.name);
  private readonly stopping = new AbortController();
  private starting: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: OrchestratorConfig,
    private readonly reader: DescriptionReader,
    private readonly submission: JobSubmission,
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly readiness: Readiness,
    private readonly own: OwnProcess,
  ) {}

  onApplicationBootstrap(): void {
    const { job } = this.config;
    if (!job) return;
    this.readiness.waitsFor(workToCome, 'The description of the configured job was not read yet.');
    this.starting = this.startUntilDone(job).catch((thrown: unknown) =>
      this.own.fail(asLongshoreError(thrown, 'internal-error', 'Starting the configured job failed')),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.starting;
  }

  private async startUntilDone(settings: ConfiguredJobSettings): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        await this.start(settings);
        return this.readiness.has(workToCome);
      } catch (thrown) {
        if (signal.aborted) return;
        const error = asLongshoreError(thrown, 'internal-error', `The job of ${settings.url} could not be started`);
        if (isFinal(error)) return this.giveUp(settings, error);
        this.readiness.waitsFor(workToCome, `The configured job could not be started yet (${error.code}).`);
        this.log.warn(`The job of ${settings.url} could not be started and will be tried again: ${error.sentence}`);
        await this.clock.sleep(backOffMs(failures, this.chance), signal);
      }
    }
  }

  /** A run that has begun is brought to its end, whatever has become of its description since. */
  private async giveUp({ url }: ConfiguredJobSettings, error: LongshoreError): Promise<void> {
    if ((await this.decided())?.jobId === undefined) return this.own.fail(error);
    this.log.error(`No new job is begun: ${error.sentence}`);
    this.readiness.has(workToCome);
    this.readiness.waitsFor(nextJob, `The description of a next job cannot be used (${error.code}).`);
    this.log.warn(`What was submitted before from ${url} goes on.`);
  }

  private async start(settings: ConfiguredJobSettings): Promise<void> {
    const before = await this.decided();
    if (before && before.jobId === undefined && this.canBegin(before)) return this.submit(before, settings);
    const earlier = before?.jobId === undefined ? undefined : await this.store.findJob(before.jobId);
    if (earlier && !endedJobStates.includes(earlier.state)) {
      this.log.log(
        `Job ${earlier.id} of ${settings.url} goes on as it was submitted; changes count once it has ended.`,
      );
      return;
    }
    const { run, ...description } = await this.reader.read(settings, this.stopping.signal);
    const wish = { request: jobRequest(description, settings), ...(run !== undefined && { run }) };
    this.submission.check(wish.request);
    if (earlier && before && !differs(before, wish)) {
      this.log.log(`Job ${before.jobId} of ${settings.url} has ended, and its description has not changed.`, {
        job_id: before.jobId,
      });
      return;
    }
    // One that was never noted as submitted keeps its number, and so stays one job if it was submitted all the same.
    const number = before === undefined ? 1 : before.number + (earlier ? 1 : 0);
    const next = { number, ...wish };
    await this.submit(await this.store.changeRecord(recordName, () => ({ record: next })), settings);
  }

  private async submit(decided: Decided, { url }: ConfiguredJobSettings): Promise<void> {
    const job = await this.submission.submitOnce(decided.request, keyOf(decided));
    await this.store.changeRecord(recordName, () => ({ record: { ...decided, jobId: job.id } }));
    this.log.log(`Job ${job.id} was submitted as ${url} says.`, { job_id: job.id });
  }

  private canBegin({ request }: Decided): boolean {
    try {
      this.submission.check(request);
      return true;
    } catch {
      return false;
    }
  }

  private async decided(): Promise<Decided | undefined> {
    return (await this.store.findRecord(recordName)) as Decided | undefined;
  }
}

/** With a line break in it, which no header carries: nobody else can have submitted a job under it. */
function keyOf({ number }: Decided): string {
  return `configured\n${number}`;
}

/** Locations, plugin and run make it another job; how large its tasks are and how long they may take do not. */
function differs(one: Pick<Decided, 'request' | 'run'>, other: Pick<Decided, 'request' | 'run'>): boolean {
  const essence = ({ request: { input, output, plugin }, run }: Pick<Decided, 'request' | 'run'>) => [
    input,
    output,
    plugin,
    run,
  ];
  return !isDeepStrictEqual(essence(one), essence(other));
}

function jobRequest(
  { input_bucket, input_prefix, output_bucket, output_prefix }: Omit<JobDescription, 'run'>,
  settings: ConfiguredJobSettings,
): CreateJobRequest {
  const { plugin, batchSize, ackTimeoutSeconds, processingTimeoutSeconds: timeoutSeconds } = settings;
  return {
    plugin,
    input: `s3://${input_bucket}/${input_prefix}`,
    output: `s3://${output_bucket}/${output_prefix}`,
    batching: { maxObjects: batchSize },
    policy: { ackTimeoutSeconds, ...(timeoutSeconds !== undefined && { timeoutSeconds }) },
  };
}

/** Trouble that somebody has to mend, and not an object that was overwritten while it was read. */
function isFinal(error: LongshoreError): boolean {
  return error.failureClass === 'config';
}
