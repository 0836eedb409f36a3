/** Finds tasks that are worth a second run, or wait at a worker for their first, for workers that would have nothing to do otherwise. */
import { Injectable, Logger } from '@nestjs/common';
import {
  assignmentId,
  Clock,
  failure,
  grantSecondRun,
  isStraggler,
  JobStore,
  LongshoreError,
  isWaitingElsewhere,
  takeWaiting,
  type Grant,
  type Job,
  type Task,
  type TaskChange,
  type Worker,
} from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';

/** However many workers wait, the held tasks are looked through no more often than this. */
const lookEveryMs = 1_000;

interface Candidate {
  task: Task;
  plugin: string;
  how: Takeover;
}

interface Takeover {
  /** @throws LongshoreError `transition-refused` when there is no reason for it any more */
  take(task: Task, job: Job, grant: Grant): Task;
  why(to: string): string;
  news(task: string, from: string, to: string): string;
}

const runTwice: Takeover = {
  take: (task, job, grant) => {
    if (isStraggler(task, job, grant.workerId, grant.now)) return grantSecondRun(task, grant);
    throw new LongshoreError('transition-refused', 'It is slow no more.');
  },
  why: (to) => `It took far longer than any other task of the job; worker ${to} tries too.`,
  news: (task, from, to) => `Task ${task} is slow on worker ${from}; worker ${to} runs it again.`,
};

const moved: Takeover = {
  take: (task, _, grant) => takeWaiting(task, grant),
  why: (to) => `It waited for another task to end, and worker ${to} had nothing to do.`,
  news: (task, from, to) => `Task ${task} waited on worker ${from}; worker ${to} runs it at once.`,
};

@Injectable()
export class Stragglers {
  private readonly log = new Logger(Stragglers.name);
  private lookedAt = -Infinity;
  /** Those that wait come before those that are slow. */
  private candidates: Candidate[] = [];

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly config: OrchestratorConfig,
  ) {}

  /**
   * A task that waits elsewhere or is slow there, leased to this worker as well; its first attempt is over, and what that one reports is refused.
   * Whoever works in all of its slots gets none: it would wait here too.
   */
  async takeOver(
    worker: Worker,
    plugins: readonly string[],
    given: { byTurn?: boolean } = {},
  ): Promise<Task | undefined> {
    const isOther = ({ task, plugin }: Candidate) => task.lease?.workerId !== worker.id && plugins.includes(plugin);
    await this.refresh();
    if (!this.candidates.some(isOther) || !(await this.hasFreeSlot(worker))) return undefined;
    for (const candidate of this.candidates.filter(isOther)) {
      this.candidates = this.candidates.filter((other) => other !== candidate);
      const taken = await this.tryTakeOver(candidate, worker, given);
      if (taken) return taken;
    }
    return undefined;
  }

  /** How many there are now, of all plugins. */
  async count(): Promise<number> {
    await this.refresh();
    return this.candidates.length;
  }

  /** Whether a task would begin with this worker at once. */
  async hasFreeSlot({ id, slots }: Worker): Promise<boolean> {
    const held = await this.store.heldTasks(id);
    return held.filter(({ state, lease }) => state === 'leased' && !lease?.waiting).length < slots;
  }

  /** Of all plugins, because the next to ask may run another. */
  private async refresh(): Promise<void> {
    const now = this.clock.now();
    if (now - this.lookedAt < lookEveryMs) return;
    this.lookedAt = now;
    const jobs = await this.store.jobsIn(['running']);
    const byId = new Map(jobs.map((job) => [job.id, job]));
    const held = (jobs.length === 0 ? [] : await this.store.heldTasks()).flatMap((task) => {
      const job = byId.get(task.jobId);
      return job ? [{ task, job, plugin: job.spec.plugin }] : [];
    });
    this.candidates = [
      ...held.filter(({ task }) => isWaitingElsewhere(task, '', now)).map((one) => ({ ...one, how: moved })),
      ...held.filter(({ task, job }) => isStraggler(task, job, '', now)).map((one) => ({ ...one, how: runTwice })),
    ];
  }

  private async tryTakeOver(
    { task: { id, lease }, how }: Candidate,
    worker: Worker,
    given: { byTurn?: boolean },
  ): Promise<Task | undefined> {
    const now = this.clock.now();
    const why = failure('lease-expired', how.why(worker.id));
    const decide = (task: Task, job: Job): TaskChange => {
      const grant = { workerId: worker.id, now, leaseMs: this.config.leaseMs, ...given };
      const taken = how.take(task, job, { ...grant, assignmentId: assignmentId(id, task.fence + 1) });
      return { task: taken, attempt: { outcome: 'overtaken', failure: why } };
    };
    try {
      const taken = await this.store.changeTask(id, decide, now);
      this.log.log(how.news(id, lease?.workerId ?? '', worker.id), {
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
