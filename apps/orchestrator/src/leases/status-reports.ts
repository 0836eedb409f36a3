/** What a status report of a worker means. */
import { Injectable } from '@nestjs/common';
import { isLegacy, JobStore, LongshoreError, type Worker } from '@longshore/core';
import {
  isWorkerStatus,
  readFailure,
  readKept,
  readLog,
  readManifest,
  readStageTimes,
  type StatusAnswer,
  type StatusRequest,
  workedMs,
  workerStatuses,
} from '@longshore/core/protocol';
import { Happenings } from '../events/happenings.js';
import { Traces } from '../tracing/traces.js';
import { WorkerRegistry } from '../registry/worker-registry.js';
import { Answers, unasked, type Stamp } from '../requests/answers.js';
import { AttemptEndings } from './attempt-endings.js';
import { HeldLeaseFinder } from './held-lease-finder.js';
import type { LeaseDecision, LeaseReport } from './lease-report.js';
import { LeaseReports } from './lease-reports.js';
import { LegacyReports } from './legacy-reports.js';

/** What becomes of a report, as the trace of its task calls it. */
export const spanOf: Record<string, string> = {
  completed: 'accept',
  published: 'complete',
  failed: 'end attempt',
  released: 'end attempt',
};

const goodbye: StatusAnswer = { message: 'goodbye' };

@Injectable()
export class StatusReports {
  constructor(
    private readonly store: JobStore,
    private readonly reports: LeaseReports,
    private readonly endings: AttemptEndings,
    private readonly legacy: LegacyReports,
    private readonly finder: HeldLeaseFinder,
    private readonly registry: WorkerRegistry,
    private readonly answers: Answers,
    private readonly happenings: Happenings,
    private readonly traces: Traces,
  ) {}

  /** @throws LongshoreError `invalid-request` for a status that nobody knows, unless a legacy worker sends it */
  async record(worker: Worker, request: StatusRequest): Promise<StatusAnswer> {
    if (request.status !== 'shutting-down' && isLegacy(worker)) return this.legacy.record(worker, request);
    if (!isWorkerStatus(request.status)) {
      throw unknownStatus(request.status);
    }
    return this.answers.once({ caller: `${worker.id} ${request.status}`, id: request.request_id }, (stamp) =>
      request.status === 'shutting-down'
        ? this.shuttingDown(worker, request, stamp)
        : this.recordLease(worker, request, stamp),
    );
  }

  private async recordLease(worker: Worker, request: StatusRequest, stamp: Stamp): Promise<StatusAnswer> {
    const doing = { name: spanOf[request.status] ?? 'acknowledge', parent: request.traceparent };
    const answer = await this.traces.during(doing, () => this.recorded(worker, request, stamp));
    this.happenings.stagesTimed.emit(readStageTimes(request.details));
    return answer;
  }

  private async recorded(worker: Worker, request: StatusRequest, stamp: Stamp): Promise<StatusAnswer> {
    const report = { ...(await this.finder.find(worker.id, request)), stamp };
    return this.endings.carryOut(this.decision(report, request));
  }

  /** What a report about a lease asks for. @throws LongshoreError `invalid-request` */
  decision(report: LeaseReport, request: Pick<StatusRequest, 'status' | 'details'>): LeaseDecision {
    const { details } = request;
    switch (request.status) {
      case 'completed':
        return this.reports.completing(
          { ...report, workedMs: workedMs(readStageTimes(details)) },
          readManifest(details),
          readLog(details),
        );
      case 'published':
        return this.reports.publishing(report);
      case 'failed':
        return this.endings.failing(report, readFailure(details, 'command-failed'), readKept(details));
      case 'released':
        return this.endings.releasing(report, reasonOf(request), readKept(details));
      case 'waiting':
        return this.reports.acknowledging(report, true);
      case 'processing':
        return this.reports.acknowledging(report);
      default:
        throw unknownStatus(request.status);
    }
  }

  /** A worker that says goodbye holds nothing any more. */
  private async shuttingDown(worker: Worker, request: StatusRequest, stamp: Stamp): Promise<StatusAnswer> {
    for (const task of await this.store.heldTasks(worker.id)) {
      if (task.state !== 'leased') continue;
      const held = { taskId: task.id, workerId: worker.id, fence: task.fence, stamp: unasked };
      await this.endings.release(held, reasonOf(request));
    }
    await this.registry.left(worker, reasonOf(request), stamp({ body: goodbye }));
    return goodbye;
  }
}

function unknownStatus(status: string): LongshoreError {
  return new LongshoreError('invalid-request', `"${status.slice(0, 100)}" is no status of a task.`, {
    remedy: `Send one of ${workerStatuses.join(', ')}.`,
  });
}

function reasonOf(request: Pick<StatusRequest, 'details'>): string {
  const reason = request.details?.reason;
  return typeof reason === 'string' ? reason.slice(0, 500) : 'it is shutting down';
}
