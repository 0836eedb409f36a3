/** What is told of a worker: itself, and what it holds. */
import { Injectable } from '@nestjs/common';
import { Clock, defaultJobPolicy, JobStore, type TaskSummary, type Worker } from '@longshore/core';
import {
  heldTaskAnswer,
  workerSummary,
  type HeldTaskAnswer,
  type WorkerAnswer,
  type WorkerSummary,
} from '@longshore/core/protocol';

/** As many held tasks as are told one by one. */
const shown = 50;

@Injectable()
export class WorkerView {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
  ) {}

  async summary(worker: Worker): Promise<WorkerSummary> {
    return workerSummary(worker, await this.store.insight.heldBy(worker.id), this.clock.now());
  }

  async whole(worker: Worker): Promise<WorkerAnswer> {
    const held = await this.store.insight.heldBy(worker.id);
    const summary = workerSummary(worker, held, this.clock.now());
    return { ...summary, held: await Promise.all(held.slice(0, shown).map((task) => this.held(task))) };
  }

  private async held(task: TaskSummary): Promise<HeldTaskAnswer> {
    const job = await this.store.findJob(task.jobId);
    const { timeoutSeconds } = job?.spec.policy ?? defaultJobPolicy;
    return heldTaskAnswer(task, timeoutSeconds, this.clock.now());
  }
}
