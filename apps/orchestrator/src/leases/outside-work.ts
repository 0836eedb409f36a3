/** Work on one task that a worker has found by itself, as those of system 001 do: under a lease like any other. */
import { Injectable } from '@nestjs/common';
import {
  assignmentId,
  Clock,
  grantLease,
  isLegacy,
  JobStore,
  LongshoreError,
  type Job,
  type Task,
  type Worker,
} from '@longshore/core';
import type {
  Assignment,
  StatusAnswer,
  TaskCompleteRequest,
  TaskFailedRequest,
  TaskRunningAnswer,
  TaskRunningRequest,
} from '@longshore/core/protocol';
import type { Caller } from '../access/caller.js';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { PluginCatalog } from '../plugins/plugin-catalog.js';
import { Traces } from '../tracing/traces.js';
import { WorkerRegistry } from '../registry/worker-registry.js';
import { unasked } from '../requests/answers.js';
import { assignmentMessage } from './assignment-message.js';
import { LegacyFit } from './legacy-fit.js';
import { LeaseReports } from './lease-reports.js';
import { Publisher } from './publisher.js';
import { StatusReports } from './status-reports.js';

@Injectable()
export class OutsideWork {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly config: OrchestratorConfig,
    private readonly plugins: PluginCatalog,
    private readonly registry: WorkerRegistry,
    private readonly reports: LeaseReports,
    private readonly statuses: StatusReports,
    private readonly publisher: Publisher,
    private readonly legacy: LegacyFit,
    private readonly traces: Traces,
  ) {}

  /**
   * Leases an available task to the worker and acknowledges it; of one that the worker holds already, it renews the lease. Nobody is given a
   * task that somebody else holds, that waits for its next try, or that is over.
   *
   * @throws LongshoreError `task-not-found`, or `transition-refused`
   */
  async running(taskId: string, request: TaskRunningRequest, caller: Caller | undefined): Promise<TaskRunningAnswer> {
    const worker = await this.workerOf(request, caller);
    const before = await this.task(taskId);
    const held = isLeasedTo(before, worker) ? before : await this.lease(before, worker);
    const { fence } = held;
    await this.reports.acknowledge({ taskId, workerId: worker.id, fence, stamp: unasked });
    await this.registry.seen(worker, 'processing');
    return { message: 'running', assignment: await this.assignment(held) };
  }

  /**
   * Accepts the result under the fence that `running` told, and publishes it in the worker's place, who may not know how. Said again, it has no
   * second effect.
   */
  async complete(taskId: string, request: TaskCompleteRequest, caller: Caller | undefined): Promise<StatusAnswer> {
    const worker = await this.workerOf(request, caller);
    const { fence, manifest, result, processing_time_seconds: seconds, request_id } = request;
    const durationMs = seconds === undefined ? {} : { durationMs: seconds * 1000 };
    await this.statuses.record(worker, {
      status: 'completed',
      assignment_id: assignmentId(taskId, fence),
      fence,
      ...(request_id !== undefined && { request_id }),
      details: {
        ...(manifest && { manifest: { ...durationMs, ...manifest } }),
        ...(result && { log: JSON.stringify(result) }),
      },
    });
    const accepted = await this.task(taskId);
    if (accepted.state === 'accepted' && accepted.fence === fence) await this.publisher.finish(accepted);
    const { state } = await this.task(taskId);
    return { message: state === 'completed' ? 'completed' : 'recorded; the outputs are being published' };
  }

  /** The attempt failed; what becomes of the task is decided as for any other. */
  async failed(taskId: string, request: TaskFailedRequest, caller: Caller | undefined): Promise<StatusAnswer> {
    const worker = await this.workerOf(request, caller);
    const { fence, error_message: error, code, log, exit_code, request_id } = request;
    return this.statuses.record(worker, {
      status: 'failed',
      assignment_id: assignmentId(taskId, fence),
      fence,
      // An attempt fails once: said again, it gets the same answer.
      request_id: request_id ?? `failed ${assignmentId(taskId, fence)}`,
      details: {
        ...(error !== undefined && { error }),
        ...(code !== undefined && { code }),
        ...(log !== undefined && { log }),
        ...(exit_code !== undefined && { exit_code }),
      },
    });
  }

  /** Who the token says; an admin says for whom. */
  private async workerOf({ worker_id: named }: { worker_id?: string }, caller: Caller | undefined): Promise<Worker> {
    const own = caller?.role === 'worker' ? caller.workerId : undefined;
    if (own !== undefined && named !== undefined && named !== own) {
      throw new LongshoreError('not-allowed', 'The token of a worker is good for that worker alone.');
    }
    const id = own ?? named;
    if (id !== undefined) return this.registry.get(id);
    const detail = 'An admin has to name the worker that works on the task.';
    throw new LongshoreError('invalid-request', detail, { fields: [{ pointer: '/worker_id', detail }] });
  }

  private async lease(task: Task, worker: Worker): Promise<Task> {
    const now = this.clock.now();
    const plugins = worker.plugin === undefined ? this.plugins.names : [worker.plugin];
    const legacy = isLegacy(worker);
    const fit = legacy ? this.legacy.fitOf(worker) : undefined;
    const query = { plugins: worker.draining ? [] : plugins, now, limit: 1, taskId: task.id, fit };
    const [leased] = await this.store.leaseTasks(query, (found) =>
      grantLease(found, {
        assignmentId: assignmentId(found.id, found.fence + 1),
        workerId: worker.id,
        now,
        leaseMs: this.config.leaseMs,
        legacy,
      }),
    );
    if (leased) return leased;
    const meanwhile = await this.task(task.id);
    // The same request, sent twice at once.
    if (isLeasedTo(meanwhile, worker)) return meanwhile;
    throw new LongshoreError(
      'transition-refused',
      `Task ${task.id} is ${meanwhile.state} and cannot be leased to you.`,
      {
        remedy: `GET /api/v1/tasks/${task.id}/explain says why; take another one, or ask /assignment for what is free.`,
      },
    );
  }

  private async assignment(task: Task): Promise<Assignment> {
    return assignmentMessage(task, await this.job(task), {
      leaseSeconds: this.config.leaseSeconds,
      traceparent: this.traces.ofAttempt(task),
    });
  }

  private async job({ jobId }: Task): Promise<Job> {
    const job = await this.store.findJob(jobId);
    if (!job) throw new LongshoreError('job-not-found', `There is no job ${jobId}.`);
    return job;
  }

  private async task(id: string): Promise<Task> {
    const task = await this.store.findTask(id);
    if (!task) throw new LongshoreError('task-not-found', `There is no task ${id}.`);
    return task;
  }
}

function isLeasedTo({ state, lease }: Task, worker: Worker): boolean {
  return state === 'leased' && lease?.workerId === worker.id;
}
