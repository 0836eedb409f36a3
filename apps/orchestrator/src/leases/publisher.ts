/** Publishes what was accepted from a worker that died before it could. */
import { Injectable, Logger } from '@nestjs/common';
import {
  asLongshoreError,
  Clock,
  completeTask,
  failureOf,
  heldLease,
  JobStore,
  manifestOutputs,
  ObjectStore,
  withdrawAcceptance,
  type Job,
  type Task,
  type TaskChange,
} from '@longshore/core';
import { Happenings } from '../events/happenings.js';

@Injectable()
export class Publisher {
  private readonly log = new Logger(Publisher.name);

  constructor(
    private readonly store: JobStore,
    private readonly objects: ObjectStore,
    private readonly clock: Clock,
    private readonly happenings: Happenings,
  ) {}

  /** Finishes an accepted task; storage trouble leaves it as it is, for the next time. */
  async finish(task: Task): Promise<void> {
    const job = await this.store.findJob(task.jobId);
    if (!job || !task.manifest) return;
    try {
      for (const output of manifestOutputs(task.manifest)) await this.objects.publish(job.spec.output, output);
      await this.settle(task, (found, now) => ({ task: completeTask(found, now), attempt: { outcome: 'completed' } }));
    } catch (thrown) {
      const error = asLongshoreError(thrown, 'storage-failed', `Publishing task ${task.id} failed`);
      if (error.code === 'staging-lost') await this.withdraw(task, error);
      else if (error.code !== 'stale-fence') this.log.warn(`Task ${task.id} waits to be published: ${error.sentence}`);
    }
  }

  private async withdraw(task: Task, thrown: unknown): Promise<void> {
    const why = failureOf(thrown, 'staging-lost', 'Publishing failed');
    await this.settle(task, (found, now, job) => ({
      task: withdrawAcceptance(found, why, now, job.spec.policy),
      attempt: { outcome: 'expired', failure: why },
    }));
  }

  private async settle(task: Task, decide: (found: Task, now: number, job: Job) => TaskChange): Promise<void> {
    const now = this.clock.now();
    await this.store.changeTask(
      task.id,
      (found, job) => {
        heldLease(found, task.lease?.workerId ?? '', task.fence);
        return decide(found, now, job);
      },
      now,
    );
    this.happenings.workChanged.emit();
    this.happenings.jobAdvanced.emit(task.jobId);
  }
}
