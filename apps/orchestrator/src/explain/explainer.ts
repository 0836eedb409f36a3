/** Says in sentences why a job or a task is where it is, from what is stored about it now. */
import { Injectable } from '@nestjs/common';
import { Clock, JobStore, type Job, type Task, type Worker } from '@longshore/core';
import { explainJob } from './explain-job.js';
import { explainTask } from './explain-task.js';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';

/** As many tasks as are looked at for one explanation. */
const looked = 500;

@Injectable()
export class Explainer {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly config: OrchestratorConfig,
  ) {}

  async job(job: Job): Promise<string[]> {
    const [dead, available, held, workers] = await Promise.all([
      this.some(job, 'dead'),
      this.some(job, 'available'),
      this.store.heldTasks(),
      this.workersFor(job),
    ]);
    const mine = held.filter(({ jobId }) => jobId === job.id);
    return explainJob({ job, dead, available, held: mine, workers, now: this.clock.now() });
  }

  async task(task: Task): Promise<string[]> {
    const [job, attempts] = await Promise.all([this.store.findJob(task.jobId), this.store.listAttempts(task.id)]);
    if (!job) return [];
    const workers = await this.workersFor(job);
    return explainTask({ task, job, attempts, workers, now: this.clock.now() });
  }

  private async some(job: Job, state: 'dead' | 'available'): Promise<Task[]> {
    return (await this.store.listTasks(job.id, { limit: looked, states: [state] })).items;
  }

  /** Those that may work on the job and were heard of within a lease time. */
  private async workersFor({ spec }: Job): Promise<Worker[]> {
    const since = this.clock.now() - this.config.leaseMs;
    return (await this.store.listWorkers()).filter(
      ({ plugin, state, lastSeenAt }) =>
        (plugin === undefined || plugin === spec.plugin) &&
        (state === 'idle' || state === 'processing') &&
        lastSeenAt >= since,
    );
  }
}
