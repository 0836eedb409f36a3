/** Publishes what was accepted from a worker that died before it could. */
import { Injectable, Logger } from '@nestjs/common';
import {
  asLongshoreError,
  Clock,
  failureOf,
  forfeitAcceptance,
  heldLease,
  JobStore,
  manifestOutputs,
  ObjectStore,
  withdrawAcceptance,
  type Job,
  LongshoreError,
  type StagedOutput,
  type Task,
  type TaskChange,
} from '@longshore/core';
import { Traces } from '../tracing/traces.js';
import { Happenings } from '../events/happenings.js';
import { Newsroom } from '../notifications/newsroom.js';
import { completion } from './lease-reports.js';

@Injectable()
export class Publisher {
  private readonly log = new Logger(Publisher.name);

  constructor(
    private readonly store: JobStore,
    private readonly objects: ObjectStore,
    private readonly clock: Clock,
    private readonly happenings: Happenings,
    private readonly traces: Traces,
    private readonly newsroom: Newsroom,
  ) {}

  /**
   * Finishes an accepted task. Storage trouble leaves it as it is, for the next time; a configuration fault pauses the job as well; what can
   * never be published is set aside.
   */
  async finish(task: Task): Promise<void> {
    const job = await this.store.findJob(task.jobId);
    if (!job || !task.manifest) return;
    try {
      const outputs = manifestOutputs(task.manifest);
      const doing = { name: 'publish', parent: this.traces.ofAttempt(task) };
      await this.traces.during(doing, () => this.publishAll(job, outputs));
      await this.settle(task, (found, now, job) => completion(found, job, now));
    } catch (thrown) {
      const error = asLongshoreError(thrown, 'storage-failed', `Publishing task ${task.id} failed`);
      if (error.code === 'stale-fence') return;
      if (error.code === 'staging-lost') await this.withdraw(task, job, error);
      else if (error.failureClass === 'job' || error.failureClass === 'resource') await this.forfeit(task, job, error);
      else await this.postpone(task, error);
    }
  }

  /** All or nothing, as far as storage allows: where one output is gone, none is shown. */
  private async publishAll({ spec }: Job, staged: readonly StagedOutput[]): Promise<void> {
    for (const output of staged) {
      if (await this.objects.canPublish(spec.output, output)) continue;
      throw new LongshoreError('staging-lost', `The staged output "${output.name}" is gone; its task is done again.`);
    }
    for (const output of staged) await this.objects.publish(spec.output, output);
  }

  private async abandonAll({ spec }: Job, task: Task): Promise<void> {
    const staged = task.manifest ? manifestOutputs(task.manifest) : [];
    await Promise.allSettled(staged.map((output) => this.objects.abandon(spec.output, output)));
  }

  private async postpone(task: Task, error: LongshoreError): Promise<void> {
    this.log.warn(`Task ${task.id} waits to be published: ${error.sentence}`, {
      job_id: task.jobId,
      task_id: task.id,
      attempt: task.fence,
      worker_id: task.lease?.workerId,
      code: error.code,
    });
    if (error.failureClass !== 'config') return;
    const why = failureOf(error, 'storage-failed', 'Publishing failed');
    const where = `The orchestrator met it while it published task ${task.id}, whose worker had not done so.`;
    const facts = { now: this.clock.now(), where };
    await this.store.changeJob(task.jobId, (job) => this.newsroom.pause(job, why, facts));
    this.happenings.newsAdded.emit();
  }

  private async forfeit(task: Task, job: Job, error: LongshoreError): Promise<void> {
    const why = failureOf(error, 'storage-failed', 'Publishing failed');
    await this.abandonAll(job, task);
    await this.settle(task, (found, now) => ({
      task: forfeitAcceptance(found, why, now),
      attempt: { outcome: 'failed', failure: why },
    }));
  }

  /** What is left of it goes first: its worker may wake, and must not show it beside the work of the next attempt. */
  private async withdraw(task: Task, job: Job, thrown: unknown): Promise<void> {
    const why = failureOf(thrown, 'staging-lost', 'Publishing failed');
    await this.abandonAll(job, task);
    await this.settle(task, (found, now) => ({
      task: withdrawAcceptance(found, why, now),
      attempt: { outcome: 'expired', failure: why },
    }));
  }

  private async settle(task: Task, decide: (found: Task, now: number, job: Job) => TaskChange): Promise<void> {
    const now = this.clock.now();
    await this.store.changeTask(
      task.id,
      (found, job) => {
        heldLease(found, task.lease?.workerId ?? '', task.fence);
        return decide(found, now, job);
      },
      now,
    );
    this.happenings.jobAdvanced.emit(task.jobId);
  }
}
