/** What workers report about their leases, checked against the fence and recorded. */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  acceptManifest,
  acknowledgeLease,
  attemptsOfPart,
  Clock,
  completeTask,
  endAttempt,
  failure,
  handBack,
  handBackUncounted,
  heldLease,
  JobStore,
  LongshoreError,
  manifestFault,
  overdue,
  pauseJob,
  renewLease,
  type Failure,
  type Job,
  type Manifest,
  type Task,
  type TaskChange,
} from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Happenings } from '../events/happenings.js';
import { PluginCatalog } from '../plugins/plugin-catalog.js';

/** A lease as the caller claims to hold it. */
export interface HeldBy {
  taskId: string;
  workerId: string;
  fence: number;
}

@Injectable()
export class LeaseReports {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly plugins: PluginCatalog,
    private readonly config: OrchestratorConfig,
    private readonly happenings: Happenings,
  ) {}

  acknowledge({ taskId, workerId, fence }: HeldBy): Promise<Task> {
    const now = this.clock.now();
    const { leaseMs } = this.config;
    return this.store.changeTask(
      taskId,
      (task) => ({ task: acknowledgeLease(task, workerId, fence, now, leaseMs) }),
      now,
    );
  }

  renew({ taskId, workerId, fence }: HeldBy): Promise<Task> {
    const now = this.clock.now();
    const { leaseMs } = this.config;
    return this.store.changeTask(taskId, (task) => ({ task: renewLease(task, workerId, fence, now, leaseMs) }), now);
  }

  /**
   * Accepts the manifest of a finished attempt, once however often it is reported. A manifest that lacks an output is recorded as the failure
   * of the attempt and thrown, so that the worker does not publish.
   */
  async complete({ taskId, workerId, fence }: HeldBy, manifest: Manifest): Promise<Task> {
    const now = this.clock.now();
    const decide = (task: Task, job: Job): TaskChange => {
      if (task.fence === fence && (task.state === 'accepted' || task.state === 'completed')) return { task };
      heldLease(task, workerId, fence);
      const fault = manifestFault(manifest, task, this.plugins.get(job.spec.plugin), job.spec.input);
      return fault ? this.ended(task, job, fault, now) : { task: acceptManifest(task, workerId, fence, manifest) };
    };
    const task = await this.store.changeTask(taskId, decide, now);
    if (task.state === 'accepted' || task.state === 'completed') return task;
    this.announce(task);
    const refused = task.failure;
    throw new LongshoreError(refused?.code ?? 'invalid-request', refused?.message ?? 'The manifest was refused.');
  }

  /** Records that every output of an accepted attempt is visible, once however often it is reported. */
  async published({ taskId, workerId, fence }: HeldBy): Promise<Task> {
    const now = this.clock.now();
    const decide = (task: Task): TaskChange => {
      if (task.state === 'completed' && task.fence === fence) return { task };
      heldLease(task, workerId, fence);
      return { task: completeTask(task, now), attempt: { outcome: 'completed' } };
    };
    return this.announce(await this.store.changeTask(taskId, decide, now));
  }

  /** Ends an attempt that failed. A configuration fault gives the task back unharmed and pauses the job instead. */
  async fail({ taskId, workerId, fence }: HeldBy, why: Failure): Promise<Task> {
    const now = this.clock.now();
    const decide = (task: Task, job: Job): TaskChange => {
      heldLease(task, workerId, fence);
      if (why.class !== 'config') return this.ended(task, job, why, now);
      return {
        task: handBackUncounted(task, why, now),
        attempt: { outcome: 'failed', failure: why },
      };
    };
    const task = await this.store.changeTask(taskId, decide, now);
    if (why.class === 'config') await this.pause(task.jobId, why);
    return this.announce(task);
  }

  /** Gives a task back at once, as a worker asks that has to stop. */
  async release({ taskId, workerId, fence }: HeldBy, reason: string): Promise<Task> {
    const now = this.clock.now();
    const why = failure('worker-stopped', `The worker gave the task back: ${reason}.`);
    const decide = (task: Task, job: Job): TaskChange => {
      heldLease(task, workerId, fence);
      return { task: handBack(task, why, now, job.spec.policy), attempt: { outcome: 'released', failure: why } };
    };
    return this.announce(await this.store.changeTask(taskId, decide, now));
  }

  /** Takes back the lease of a worker that has not kept its promise; one that was renewed or reported meanwhile stays. */
  async rescue(late: Task, why: Failure): Promise<Task> {
    const now = this.clock.now();
    const decide = (task: Task, job: Job): TaskChange => {
      heldLease(task, late.lease?.workerId ?? '', late.fence);
      if (task.state !== 'leased' || !overdue(task, job.spec.policy, now)) {
        throw new LongshoreError('transition-refused', 'The worker was heard of meanwhile.');
      }
      return { ...this.ended(task, job, why, now), attempt: { outcome: 'expired', failure: why } };
    };
    return this.announce(await this.store.changeTask(late.id, decide, now));
  }

  private ended(task: Task, job: Job, why: Failure, now: number): TaskChange {
    const { policy } = job.spec;
    const ended = endAttempt(task, { failure: why, now, jitter: Math.random(), policy });
    const parts = ended.parts.map((part) => ({
      ...part,
      id: randomUUID(),
      maxAttempts: attemptsOfPart(part.objects.length, policy),
    }));
    return { task: ended.task, parts, attempt: { outcome: 'failed', failure: why } };
  }

  private async pause(jobId: string, why: Failure): Promise<void> {
    await this.store.changeJob(jobId, (job) => ({ job: pauseJob(job, why) }));
  }

  private announce(task: Task): Task {
    this.happenings.workChanged.emit();
    this.happenings.jobAdvanced.emit(task.jobId);
    return task;
  }
}
