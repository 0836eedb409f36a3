/** Says in sentences why a job or a task is where it is, from what is stored about it now. */
import { Injectable } from '@nestjs/common';
import { Clock, isLegacy, JobStore, type FailureGroup, type Job, type Task, type Worker } from '@longshore/core';
import { explainJob, type Reason } from './explain-job.js';
import { explainTask } from './explain-task.js';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { LegacyFit } from '../leases/legacy-fit.js';
import { ImageDigests } from '../skipping/image-digests.js';

/** As many causes, and tasks, as are looked at for one explanation. */
const looked = 500;

@Injectable()
export class Explainer {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly config: OrchestratorConfig,
    private readonly legacy: LegacyFit,
    private readonly images: ImageDigests,
  ) {}

  async job(job: Job): Promise<string[]> {
    const { insight } = this.store;
    const [groups, availableFrom, [longestHeld], present] = await Promise.all([
      insight.failureGroups(job.id, { limit: looked }),
      insight.availableFrom(job.id, looked),
      insight.longestHeld(job.id, 1),
      this.present(),
    ]);
    const reasons = await this.reasons(groups.items);
    const legacy = this.notForLegacy(job, present.some(isLegacy) ? await this.someAvailable(job) : [], present);
    const [workers, isDrained] = this.workersFor(job, present);
    const awaitsImage = this.images.isAwaitedBy(job.id);
    const now = this.clock.now();
    return explainJob({ job, reasons, availableFrom, longestHeld, workers, isDrained, legacy, awaitsImage, now });
  }

  async task(task: Task): Promise<string[]> {
    const [job, attempts] = await Promise.all([this.store.findJob(task.jobId), this.store.listAttempts(task.id)]);
    if (!job) return [];
    const present = await this.present();
    const legacy = this.notForLegacy(job, [task], present);
    const [found, isDrained] = this.workersFor(job, present);
    const workers = found.filter((worker) => legacy.length === 0 || !isLegacy(worker));
    return explainTask({ task, job, attempts, workers, isDrained, legacy, now: this.clock.now() });
  }

  private async someAvailable(job: Job): Promise<Task[]> {
    return (await this.store.listTasks(job.id, { limit: looked, states: ['available'] })).items;
  }

  /** The causes put together by code, so that there are few; the example is that of the cause with most dead objects. */
  private reasons(causes: readonly FailureGroup[]): Promise<Reason[]> {
    const dead = causes.filter(({ tasks }) => tasks > 0);
    return Promise.all(
      [...Map.groupBy(dead, ({ code }) => code)].map(async ([code, [first, ...others]]) => ({
        code,
        tasks: others.reduce((sum, { tasks }) => sum + tasks, first?.tasks ?? 0),
        key: first && (await this.store.findTask(first.exampleTaskId))?.objects[0]?.key,
        example: first?.example ?? '',
      })),
    );
  }

  /** Those that were heard of within a lease time; legacy workers say nothing while they work. */
  private async present(): Promise<Worker[]> {
    const since = this.clock.now() - this.config.leaseMs;
    return (await this.store.listWorkers()).filter(
      (worker) =>
        (worker.state === 'processing' && isLegacy(worker)) ||
        ((worker.state === 'idle' || worker.state === 'processing') && worker.lastSeenAt >= since),
    );
  }

  /** Those that may be given tasks of the job, and whether the only ones there are drain and so are given no more. */
  private workersFor(job: Job, present: readonly Worker[]): [Worker[], boolean] {
    const fits = (worker: Worker) =>
      isLegacy(worker)
        ? this.legacy.jobObstacle(job, worker) === undefined
        : worker.plugin === undefined || worker.plugin === job.spec.plugin;
    const serving = present.filter(fits);
    const workers = serving.filter(({ draining }) => draining !== true);
    return [workers, workers.length === 0 && serving.length > 0];
  }

  /** Why the legacy workers that are here leave these tasks alone. */
  private notForLegacy(job: Job, tasks: readonly Task[], present: readonly Worker[]): string[] {
    const obstacles = present
      .filter(isLegacy)
      .flatMap((worker) => this.legacy.jobObstacle(job, worker) ?? this.firstObstacle(job, tasks) ?? []);
    return [...new Set(obstacles)];
  }

  private firstObstacle(job: Job, tasks: readonly Task[]): string | undefined {
    for (const task of tasks) {
      const why = this.legacy.taskObstacle(task, job);
      if (why !== undefined) return why;
    }
    return undefined;
  }
}
