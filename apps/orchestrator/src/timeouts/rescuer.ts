/** Takes back what workers do not bring back: unacknowledged, overlong and expired leases. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import {
  Clock,
  failure,
  JobStore,
  LongshoreError,
  messageOf,
  overdue,
  type Failure,
  type Job,
  type Overdue,
  type Task,
} from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { AttemptEndings } from '../leases/attempt-endings.js';
import { LeaseReports } from '../leases/lease-reports.js';
import { Publisher } from '../leases/publisher.js';
import { WorkerRegistry } from '../registry/worker-registry.js';
import { Rounds } from '../rounds.js';

/** Ten thousand that are looked at in one go would hold up everybody else. */
const atOnce = 1_000;

@Injectable()
export class Rescuer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(Rescuer.name);
  private readonly publishing = new Map<string, Promise<void>>();
  private readonly rounds: Rounds;
  private graceEndsAt = 0;

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly reports: LeaseReports,
    private readonly endings: AttemptEndings,
    private readonly publisher: Publisher,
    private readonly registry: WorkerRegistry,
    private readonly config: OrchestratorConfig,
    schedule: SchedulerRegistry,
  ) {
    this.rounds = new Rounds(schedule, {
      name: 'rescue overdue leases',
      work: () => this.rescueOverdue(),
      failed: (thrown) => this.log.error(`Looking for overdue leases failed: ${messageOf(thrown)}`),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.grantGrace();
    this.rounds.start(Math.min(1_000, this.config.leaseMs / 4));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
    await Promise.all(this.publishing.values());
  }

  /**
   * While the orchestrator was away no worker could renew or report, so every lease starts anew, and nothing is taken back before one lease time has
   * passed.
   */
  private async grantGrace(): Promise<void> {
    const held = await this.store.heldTasks();
    if (held.length > 0) this.graceEndsAt = this.clock.now() + this.config.leaseMs;
    const renewals = await Promise.allSettled(
      held.map(({ id, lease, fence }) => this.reports.renew({ taskId: id, workerId: lease?.workerId ?? '', fence })),
    );
    // One task that cannot be changed must not keep all the others from being worked on.
    for (const renewal of renewals) if (renewal.status === 'rejected') this.log.error(messageOf(renewal.reason));
  }

  /** Takes back every lease that is overdue now. */
  async rescueOverdue(): Promise<void> {
    if (this.clock.now() < this.graceEndsAt) return;
    for (const { id } of await this.overdueOnes()) {
      // Its worker may have been heard meanwhile.
      const task = await this.store.findTask(id);
      const reason = task && (await this.reasonFor(task, this.clock.now()));
      if (!reason) continue;
      if (task.state === 'accepted') this.publish(task);
      else await this.rescue(task, overdueFailure(reason, task));
    }
  }

  /** As they are when it is their turn to be looked at. */
  private async overdueOnes(): Promise<Task[]> {
    const found: Task[] = [];
    const held = await this.store.heldTasks();
    // Few jobs have held tasks, however many those are; each is read once.
    const jobs = new Map<string, Job | undefined>();
    for (let first = 0; first < held.length; first += atOnce) {
      if (first > 0) await nextTurn();
      const now = this.clock.now();
      for (const task of held.slice(first, first + atOnce)) {
        if (!jobs.has(task.jobId)) jobs.set(task.jobId, await this.store.findJob(task.jobId));
        const job = jobs.get(task.jobId);
        if (job && overdueIn(job, task, now)) found.push(task);
      }
    }
    return found;
  }

  private async reasonFor(task: Task, now: number): Promise<Overdue | undefined> {
    const job = await this.store.findJob(task.jobId);
    return job && overdueIn(job, task, now);
  }

  /** Runs beside the rescue of other tasks, because a publication may take long. */
  private publish(task: Task): void {
    if (this.publishing.has(task.id)) return;
    const publication = this.publisher
      .finish(task)
      .catch((thrown: unknown) => this.log.error(`Publishing task ${task.id} failed: ${String(thrown)}`, idsOf(task)))
      .finally(() => this.publishing.delete(task.id));
    this.publishing.set(task.id, publication);
  }

  private async rescue(task: Task, why: Failure): Promise<void> {
    try {
      // First, so that it is not given back to a request of its own that waits for work and that nobody may hear the answer of.
      await this.registry.markUnavailable(task.lease?.workerId ?? '');
      await this.endings.rescue(task, why);
      this.log.warn(why.message, { ...idsOf(task), code: why.code });
    } catch (thrown) {
      const cameFirst = thrown instanceof LongshoreError && ['stale-fence', 'transition-refused'].includes(thrown.code);
      if (!cameFirst) throw thrown;
    }
  }
}

function overdueIn(job: Job, task: Task, now: number): Overdue | undefined {
  return job.failure?.code === 'state-damaged' ? undefined : overdue(task, job.spec.policy, now);
}

function idsOf({ id, jobId, fence, lease }: Task): Record<string, unknown> {
  return { job_id: jobId, task_id: id, attempt: fence, worker_id: lease?.workerId };
}

function overdueFailure(reason: Overdue, task: Task): Failure {
  const who = `Worker ${task.lease?.workerId} of task ${task.id}`;
  switch (reason) {
    case 'acknowledgement-timeout':
      return failure(reason, `${who} never acknowledged it; somebody else gets it.`);
    case 'lease-expired':
      return failure(reason, `${who} was not heard of until its lease ended; somebody else gets it.`);
    case 'processing-timeout':
      return failure(
        reason,
        `${who} is a legacy worker and has not reported within the time limit; somebody else gets it.`,
      );
    case 'timed-out':
      return failure(reason, `${who} renewed its lease but did not finish within the time limit.`);
  }
}
