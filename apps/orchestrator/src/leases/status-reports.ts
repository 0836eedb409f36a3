/** What a status report of a worker means. */
import { Injectable } from '@nestjs/common';
import { JobStore, type Worker } from '@longshore/core';
import { readFailure, readManifest, type StatusAnswer, type StatusRequest } from '@longshore/core/protocol';
import { WorkerRegistry } from '../registry/worker-registry.js';
import { HeldLeaseFinder } from './held-lease-finder.js';
import { LeaseReports } from './lease-reports.js';

@Injectable()
export class StatusReports {
  constructor(
    private readonly store: JobStore,
    private readonly reports: LeaseReports,
    private readonly finder: HeldLeaseFinder,
    private readonly registry: WorkerRegistry,
  ) {}

  async record(worker: Worker, request: StatusRequest): Promise<StatusAnswer> {
    if (request.status === 'shutting-down') return this.shuttingDown(worker, request);
    const held = await this.finder.find(worker.id, request);
    switch (request.status) {
      case 'processing':
        await this.reports.acknowledge(held);
        break;
      case 'completed':
        await this.reports.complete(held, readManifest(request.details));
        break;
      case 'published':
        await this.reports.published(held);
        break;
      case 'failed':
        await this.reports.fail(held, readFailure(request.details, 'command-failed'));
        break;
      case 'released':
        await this.reports.release(held, reasonOf(request));
        break;
    }
    return { message: 'recorded' };
  }

  /** A worker that says goodbye holds nothing any more. */
  private async shuttingDown(worker: Worker, request: StatusRequest): Promise<StatusAnswer> {
    for (const task of await this.store.heldTasks(worker.id)) {
      if (task.state !== 'leased') continue;
      await this.reports.release({ taskId: task.id, workerId: worker.id, fence: task.fence }, reasonOf(request));
    }
    await this.registry.seen(worker, 'shutting-down');
    return { message: 'goodbye' };
  }
}

function reasonOf(request: StatusRequest): string {
  const reason = request.details?.reason;
  return typeof reason === 'string' ? reason.slice(0, 500) : 'it is shutting down';
}
