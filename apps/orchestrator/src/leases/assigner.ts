/** Hands out work: what a worker was given and has not acknowledged, else new leases, else a wait, else the order to shut down. */
import { Injectable } from '@nestjs/common';
import {
  assignmentId,
  Clock,
  grantLease,
  isLegacy,
  JobStore,
  LongshoreError,
  type Task,
  type Worker,
} from '@longshore/core';
import type { AssignmentAnswer } from '@longshore/core/protocol';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Readiness, workToCome } from '../http/readiness.js';
import { PluginCatalog } from '../plugins/plugin-catalog.js';
import { WorkerRegistry } from '../registry/worker-registry.js';
import { Traces } from '../tracing/traces.js';
import { LegacyFit } from './legacy-fit.js';
import { Stragglers } from './stragglers.js';
import { WaitingRoom } from './waiting-room.js';
import { assignmentMessage } from './assignment-message.js';

export const wasDrained = 'Somebody has drained this worker.';
export const allDone = 'Nothing is left to do.';
const drained: AssignmentAnswer = { assignment: { shutdown: true, message: wasDrained } };

export interface AskOptions {
  waitSeconds: number;
  /** Most tasks wanted; undefined for a worker of the original protocol, which holds one at a time. */
  max: number | undefined;
  /** Aborted when the worker has hung up. */
  gaveUp: AbortSignal;
}

@Injectable()
export class Assigner {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly plugins: PluginCatalog,
    private readonly registry: WorkerRegistry,
    private readonly config: OrchestratorConfig,
    private readonly room: WaitingRoom,
    private readonly stragglers: Stragglers,
    private readonly legacy: LegacyFit,
    private readonly readiness: Readiness,
    private readonly traces: Traces,
  ) {}

  /** @throws LongshoreError `worker-unknown`, `not-allowed` */
  async ask(workerId: string, options: AskOptions): Promise<AssignmentAnswer> {
    const worker = await this.registry.get(workerId);
    this.legacy.refuseUnlessAllowed(worker);
    // One that was given up is here again.
    await this.registry.seen(worker, worker.state === 'unavailable' ? 'idle' : worker.state);
    const until = this.clock.now() + options.waitSeconds * 1000;
    const plugins = this.pluginsOf(worker);
    let found = (): void => undefined;
    for (;;) {
      const { draining = false, state } = await this.registry.get(workerId);
      // Given up while it waited: only what it asks from now on shows that it is there.
      if (state === 'unavailable') return this.answer([], options.max);
      const tasks = await this.tasksFor(worker, options.max, draining);
      if (tasks.length > 0) {
        found();
        await this.registry.seen(worker, 'processing');
        return this.answer(tasks, options.max);
      }
      if (draining && (await this.store.heldTasks(workerId)).length === 0) return drained;
      const slow = draining || isLegacy(worker) ? undefined : await this.stragglers.takeOver(worker, plugins);
      if (slow) return this.answer([slow], options.max);
      if (await this.isAllDone()) {
        found();
        return { assignment: { shutdown: true, message: allDone } };
      }
      const ms = until - this.clock.now();
      const { gaveUp } = options;
      if (ms <= 0 || gaveUp.aborted || this.room.isClosed) return this.answer([], options.max);
      const isBusy = !(await this.stragglers.hasFreeSlot(worker));
      found = await this.room.wait({ workerId, plugins, isDraining: draining, isBusy, ms, gaveUp });
      if (gaveUp.aborted) return this.answer([], options.max);
    }
  }

  private async tasksFor(worker: Worker, max: number | undefined, draining: boolean): Promise<Task[]> {
    const held = (await this.store.heldTasks(worker.id)).filter((task) => task.state === 'leased');
    if (max === undefined) return held.length > 0 ? held.slice(0, 1) : this.lease(worker, draining ? 0 : 1);
    const unacknowledged = held.filter((task) => task.lease?.acknowledgedAt === undefined).slice(0, max);
    const wanted = draining ? 0 : max - unacknowledged.length;
    return wanted > 0 ? [...unacknowledged, ...(await this.lease(worker, wanted))] : unacknowledged;
  }

  private async lease(worker: Worker, limit: number): Promise<Task[]> {
    if (limit === 0) return [];
    const now = this.clock.now();
    const legacy = isLegacy(worker);
    const fit = legacy ? this.legacy.fitOf(worker) : undefined;
    return this.store.leaseTasks({ plugins: this.pluginsOf(worker), now, limit, fit }, (task) =>
      grantLease(task, {
        assignmentId: assignmentId(task.id, task.fence + 1),
        workerId: worker.id,
        now,
        leaseMs: this.config.leaseMs,
        legacy,
      }),
    );
  }

  pluginsOf(worker: Worker): readonly string[] {
    if (!isLegacy(worker)) return worker.plugin === undefined ? this.plugins.names : [worker.plugin];
    const plugin = this.legacy.pluginOf(worker);
    return plugin === undefined ? [] : [plugin];
  }

  async isAllDone(): Promise<boolean> {
    if (this.config.whenDone !== 'shutdown' || this.readiness.isOpen(workToCome)) return false;
    const [open, ever] = await Promise.all([
      this.store.jobsIn(['pending', 'running', 'paused']),
      this.store.listJobs({ limit: 1 }),
    ]);
    if (open.length > 0 || ever.items.length === 0) return false;
    // What a job that failed or was cancelled has accepted is still being published.
    return (await this.store.heldTasks()).length === 0;
  }

  private async answer(tasks: Task[], max: number | undefined): Promise<AssignmentAnswer> {
    const assignments = await Promise.all(
      tasks.map(async (task) => {
        const job = await this.store.findJob(task.jobId);
        if (!job) throw new LongshoreError('job-not-found', `There is no job ${task.jobId}.`);
        const { leaseSeconds } = this.config;
        // One that asks for a single task is of the original protocol.
        const traceparent = max === undefined ? undefined : this.traces.ofAttempt(task);
        return assignmentMessage(task, job, { leaseSeconds, traceparent });
      }),
    );
    return { assignment: assignments[0] ?? null, ...(max !== undefined && { assignments }) };
  }
}
