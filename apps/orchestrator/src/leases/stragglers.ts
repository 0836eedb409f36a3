/** Finds tasks that are worth a second run, for workers that would have nothing to do otherwise. */
import { Injectable, Logger } from '@nestjs/common';
import {
  assignmentId,
  Clock,
  failure,
  grantSecondRun,
  isStraggler,
  JobStore,
  LongshoreError,
  type Job,
  type Task,
  type TaskChange,
  type Worker,
} from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';

/** However many workers wait, the held tasks are looked through no more often than this. */
const lookEveryMs = 1_000;

@Injectable()
export class Stragglers {
  private readonly log = new Logger(Stragglers.name);
  private lookedAt = -Infinity;
  private slow: { task: Task; plugin: string }[] = [];

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly config: OrchestratorConfig,
  ) {}

  /** A slow task, leased to this worker as well; its first attempt is over, and what that one reports is refused. */
  async takeOver(
    worker: Worker,
    plugins: readonly string[],
    how: { byTurn?: boolean } = {},
  ): Promise<Task | undefined> {
    for (const candidate of await this.candidates(worker, plugins)) {
      this.slow = this.slow.filter((other) => other !== candidate);
      const { task } = candidate;
      const taken = await this.tryTakeOver(task, worker, how);
      if (taken) return taken;
    }
    return undefined;
  }

  /** How many there are now, of all plugins. */
  async count(): Promise<number> {
    await this.refresh();
    return this.slow.length;
  }

  private async candidates(worker: Worker, plugins: readonly string[]): Promise<Stragglers['slow']> {
    await this.refresh();
    return this.slow.filter(({ task, plugin }) => task.lease?.workerId !== worker.id && plugins.includes(plugin));
  }

  private async refresh(): Promise<void> {
    const now = this.clock.now();
    if (now - this.lookedAt < lookEveryMs) return;
    this.lookedAt = now;
    this.slow = await this.look(now);
  }

  /** Of all plugins, because the next to ask may run another. */
  private async look(now: number): Promise<Stragglers['slow']> {
    const jobs = (await this.store.jobsIn(['running'])).filter(({ longestTaskMs }) => longestTaskMs !== undefined);
    if (jobs.length === 0) return [];
    const byId = new Map(jobs.map((job) => [job.id, job]));
    return (await this.store.heldTasks()).flatMap((task) => {
      const job = byId.get(task.jobId);
      return job && isStraggler(task, job, '', now) ? [{ task, plugin: job.spec.plugin }] : [];
    });
  }

  private async tryTakeOver({ id, lease }: Task, worker: Worker, how: { byTurn?: boolean }): Promise<Task | undefined> {
    const now = this.clock.now();
    const why = failure(
      'lease-expired',
      `It took far longer than any other task of the job; worker ${worker.id} tries too.`,
    );
    const decide = (task: Task, job: Job): TaskChange => {
      if (!isStraggler(task, job, worker.id, now))
        throw new LongshoreError('transition-refused', 'It is slow no more.');
      const grant = { workerId: worker.id, now, leaseMs: this.config.leaseMs, ...how };
      return {
        task: grantSecondRun(task, { ...grant, assignmentId: assignmentId(id, task.fence + 1) }),
        attempt: { outcome: 'overtaken', failure: why },
      };
    };
    try {
      const taken = await this.store.changeTask(id, decide, now);
      this.log.log(`Task ${id} is slow on worker ${lease?.workerId ?? ''}; worker ${worker.id} runs it again.`, {
        job_id: taken.jobId,
        task_id: id,
        attempt: taken.fence,
        worker_id: worker.id,
      });
      return taken;
    } catch (thrown) {
      if (thrown instanceof LongshoreError && thrown.code === 'transition-refused') return undefined;
      throw thrown;
    }
  }
}
