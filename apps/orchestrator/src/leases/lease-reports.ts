/** What workers report about the leases they hold and keep, checked against the fence and recorded. */
import { Injectable } from '@nestjs/common';
import {
  acceptManifest,
  acknowledgeLease,
  acknowledgeWaiting,
  Clock,
  completeTask,
  hearOfLease,
  heldLease,
  JobStore,
  leaseMsFor,
  LongshoreError,
  manifestFault,
  openTaskStates,
  renewLease,
  sumOver,
  withPace,
  withTaskTime,
  type Failure,
  type Job,
  type ReportedManifest,
  type Task,
  type TaskChange,
} from '@longshore/core';
import type { StatusAnswer } from '@longshore/core/protocol';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { PluginCatalog } from '../plugins/plugin-catalog.js';
import { AttemptEndings } from './attempt-endings.js';
import { acknowledged, recorded, type HeldBy, type LeaseDecision, type LeaseReport } from './lease-report.js';

@Injectable()
export class LeaseReports {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly plugins: PluginCatalog,
    private readonly config: OrchestratorConfig,
    private readonly endings: AttemptEndings,
  ) {}

  /** @param waits whether it is to wait at the worker until another task has ended */
  acknowledging({ taskId, workerId, fence, stamp }: LeaseReport, waits = false): LeaseDecision {
    const now = this.clock.now();
    const receipt = stamp({ body: acknowledged });
    const decide = (task: Task, { spec }: Job) => {
      const leaseMs = leaseMsFor(task.lease, spec.policy, this.config.leaseMs);
      const known = waits ? acknowledgeWaiting : acknowledgeLease;
      return { task: known(task, workerId, fence, now, leaseMs), receipt };
    };
    return { taskId, now, decide, settled: () => acknowledged };
  }

  acknowledge(report: LeaseReport): Promise<StatusAnswer> {
    return this.endings.carryOut(this.acknowledging(report));
  }

  /** Of a lease that its worker names. */
  renewing({ taskId, workerId, fence }: HeldBy): LeaseDecision {
    const now = this.clock.now();
    const { leaseMs } = this.config;
    const decide = (task: Task) => ({ task: hearOfLease(task, workerId, fence, now, leaseMs) });
    return { taskId, now, decide, settled: () => recorded };
  }

  /** Of a lease whose worker could not be heard. */
  async renew({ taskId, workerId, fence }: HeldBy): Promise<void> {
    const now = this.clock.now();
    const { leaseMs } = this.config;
    await this.store.changeTask(taskId, (task) => ({ task: renewLease(task, workerId, fence, now, leaseMs) }), now);
  }

  /**
   * Accepts the manifest of a finished attempt, once however often it is reported. A manifest that lacks an output is recorded as the failure
   * of the attempt and thrown, so that the worker does not publish.
   *
   * @param log what the container printed
   */
  completing(report: LeaseReport, manifest: ReportedManifest, log?: string): LeaseDecision {
    const { taskId, workerId, fence, stamp } = report;
    const { exitCode, durationMs } = manifest;
    const now = this.clock.now();
    let fault: Failure | undefined;
    const decide = (task: Task, job: Job): TaskChange => {
      fault = undefined;
      if (isAcceptedFrom(task, workerId, fence)) return { task, receipt: stamp({ body: recorded }) };
      heldLease(task, workerId, fence);
      fault = manifestFault(manifest, task, this.plugins.get(job.spec.plugin), job.spec.input);
      if (fault) {
        const { code, message } = fault;
        return {
          ...this.endings.ended(task, job, { failure: fault, now }),
          receipt: stamp({ refusal: { code, message } }),
        };
      }
      const known = withPace(job, task, report.workedMs ?? durationMs);
      return {
        ...(known && { job: known }),
        task: acceptManifest(task, workerId, fence, manifest),
        attempt: { outcome: 'running', exitCode, durationMs, ...(log !== undefined && { log }) },
        receipt: stamp({ body: recorded }),
      };
    };
    const settled = (task: Task): StatusAnswer => {
      if (!fault) return recorded;
      this.endings.announce(task);
      throw new LongshoreError(fault.code, fault.message);
    };
    return { taskId, now, decide, settled };
  }

  /** Records that every output of an accepted attempt is visible, once however often it is reported. */
  publishing({ taskId, workerId, fence, stamp }: LeaseReport): LeaseDecision {
    const now = this.clock.now();
    const receipt = stamp({ body: recorded });
    let isLast = false;
    const decide = (task: Task, job: Job): TaskChange => {
      isLast = isLastOpen(job);
      if (task.state === 'completed' && isAcceptedFrom(task, workerId, fence)) return { task, receipt };
      heldLease(task, workerId, fence);
      return { ...completion(task, job, now), receipt };
    };
    const settled = (task: Task): StatusAnswer => {
      if (isLast) this.endings.announce(task);
      return recorded;
    };
    return { taskId, now, decide, settled };
  }
}

/** A completed task ends its job only where nothing else is open; of a job that goes on, nobody has to look. */
function isLastOpen({ scan, counts }: Job): boolean {
  return scan === 'done' && sumOver(counts.tasks, openTaskStates) <= 1;
}

/** True for what this worker has reported before; of another one's work nobody says that it is recorded. */
function isAcceptedFrom({ state, fence: current, manifest }: Task, workerId: string, fence: number): boolean {
  const isAccepted = state === 'accepted' || state === 'completed';
  return isAccepted && current === fence && manifest?.workerId === workerId;
}

/** The end of an accepted task whose outputs are visible. */
export function completion(task: Task, job: Job, now: number): TaskChange {
  const slower = withTaskTime(job, task, now);
  const known = task.manifest?.unverified ? withUnverified(slower ?? job, task) : slower;
  return { task: completeTask(task, now), attempt: { outcome: 'completed' }, ...(known && { job: known }) };
}

function withUnverified(job: Job, { objects }: Task): Job {
  return { ...job, objectsUnverified: (job.objectsUnverified ?? 0) + objects.length };
}
