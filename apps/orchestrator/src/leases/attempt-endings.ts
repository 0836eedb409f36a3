/** Ends attempts that have no result, or only part of one: reported by a worker, given back, or taken back. */
import { Injectable } from '@nestjs/common';
import {
  Chance,
  Clock,
  endAttempt,
  failure,
  heldLease,
  JobStore,
  judge,
  LongshoreError,
  manifestFault,
  overdue,
  releaseWaiting,
  type Failure,
  type Job,
  type ReportedManifest,
  type Task,
  type TaskChange,
} from '@longshore/core';
import type { StatusAnswer } from '@longshore/core/protocol';
import { Happenings } from '../events/happenings.js';
import { Newsroom } from '../notifications/newsroom.js';
import { PluginCatalog } from '../plugins/plugin-catalog.js';
import { recorded, type LeaseDecision, type LeaseReport } from './lease-report.js';

export interface Ending {
  failure: Failure;
  now: number;
  handedBack?: boolean;
  /** What the worker says it has finished. */
  kept?: ReportedManifest | undefined;
}

@Injectable()
export class AttemptEndings {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly plugins: PluginCatalog,
    private readonly happenings: Happenings,
    private readonly newsroom: Newsroom,
  ) {}

  /** An attempt that failed. */
  failing(report: LeaseReport, why: Failure, kept?: ReportedManifest): LeaseDecision {
    return this.ending(report, 'failed', { failure: why, now: this.clock.now(), kept });
  }

  fail(report: LeaseReport, why: Failure, kept?: ReportedManifest): Promise<StatusAnswer> {
    return this.carryOut(this.failing(report, why, kept));
  }

  /** Gives a task back at once, as a worker asks that has to stop. */
  releasing(report: LeaseReport, reason: string, kept?: ReportedManifest): LeaseDecision {
    const why = failure('worker-stopped', `The worker gave the task back: ${reason}.`);
    return this.ending(report, 'released', { failure: why, now: this.clock.now(), kept, handedBack: true });
  }

  release(report: LeaseReport, reason: string, kept?: ReportedManifest): Promise<StatusAnswer> {
    return this.carryOut(this.releasing(report, reason, kept));
  }

  /** Takes back the lease of a worker that has not kept its promise; one that was renewed or reported meanwhile stays. */
  async rescue(late: Task, why: Failure): Promise<void> {
    const now = this.clock.now();
    const decide = (task: Task, job: Job): TaskChange => {
      heldLease(task, late.lease?.workerId ?? '', late.fence);
      if (task.state !== 'leased' || !overdue(task, job.spec.policy, now)) {
        throw new LongshoreError('transition-refused', 'The worker was heard of meanwhile.');
      }
      return { ...this.ended(task, job, { failure: why, now }), attempt: { outcome: 'expired', failure: why } };
    };
    this.announce(await this.store.changeTask(late.id, decide, now));
  }

  /** What the end of an attempt makes of its task, and of its job where a person is needed. */
  ended(task: Task, job: Job, { failure: why, ...ending }: Ending): TaskChange {
    const { policy } = job.spec;
    const { chance } = this;
    const ended = endAttempt(task, {
      ...ending,
      failure: why,
      policy,
      jitter: chance.fraction(),
      newId: () => chance.id(),
    });
    return {
      ...ended,
      attempt: endingOf('failed', why),
      ...(judge(why, policy.retry) === 'pause' &&
        this.newsroom.pause(job, why, { now: ending.now, where: whereOf(task) })),
    };
  }

  announce(task: Task): void {
    // Its job may be paused by it, which people are told.
    if (task.failure?.class === 'config') this.happenings.newsAdded.emit();
    this.happenings.jobAdvanced.emit(task.jobId);
  }

  /** Records what was decided, in a transaction of its own. */
  async carryOut({ taskId, decide, now, settled }: LeaseDecision): Promise<StatusAnswer> {
    return settled(await this.store.changeTask(taskId, decide, now));
  }

  private ending(
    { taskId, workerId, fence, stamp }: LeaseReport,
    outcome: 'failed' | 'released',
    ending: Ending,
  ): LeaseDecision {
    let answer = recorded;
    const decide = (task: Task, job: Job): TaskChange => {
      heldLease(task, workerId, fence);
      const waited = ending.handedBack ? releaseWaiting(task, ending.now) : undefined;
      if (waited) return { task: waited, attempt: { outcome }, receipt: stamp({ body: answer }) };
      const kept = this.keepable(ending.kept, task, job);
      const change = this.ended(task, job, { ...ending, kept });
      answer = keptAnswer(change.parts?.[0], kept);
      return { ...change, attempt: endingOf(outcome, ending.failure), receipt: stamp({ body: answer }) };
    };
    const settled = (task: Task): StatusAnswer => {
      this.announce(task);
      return answer;
    };
    return { taskId, now: ending.now, decide, settled };
  }

  /** What is finished counts only where it is right; and finished work of all objects whose command failed is a failure. */
  private keepable(kept: ReportedManifest | undefined, task: Task, job: Job): ReportedManifest | undefined {
    if (!kept || kept.entries.length === 0 || kept.entries.length >= task.objects.length) return undefined;
    // A group is done as a whole or not at all.
    if (task.group) return undefined;
    // A legacy worker's word, which names no output.
    if (kept.unverified) return kept;
    const keys = new Set(kept.entries.map(({ objectKey }) => objectKey));
    const finished = { ...task, objects: task.objects.filter(({ key }) => keys.has(key)) };
    return manifestFault(kept, finished, this.plugins.get(job.spec.plugin), job.spec.input) ? undefined : kept;
  }
}

function whereOf({ id, lease }: Task): string {
  return lease ? `Task ${id} met it on worker ${lease.workerId}.` : `Task ${id} met it.`;
}

/** The failure goes to the task with its log; the attempt has the log once. */
function endingOf(outcome: 'failed' | 'released', why: Failure): TaskChange['attempt'] {
  const { log, exitCode } = why;
  return {
    outcome,
    failure: why,
    ...(log !== undefined && { log }),
    ...(exitCode !== undefined && { exitCode }),
  };
}

function keptAnswer(part: Task | undefined, kept: ReportedManifest | undefined): StatusAnswer {
  if (!kept || part?.state !== 'accepted' || !part.lease) return recorded;
  return { ...recorded, kept: { assignment_id: part.lease.assignmentId, fence: part.fence } };
}
