/** What people do to jobs that run: pause, resume, cancel, and try dead letters again. */
import { Injectable } from '@nestjs/common';
import { cancelJob, Clock, JobStore, LongshoreError, nextJobState, type Job, type Tell } from '@longshore/core';
import { jobAnswer, type JobAnswer, type RedriveAnswer, type RetryAnswer } from '@longshore/core/protocol';
import { Happenings } from '../events/happenings.js';
import { Newsroom } from '../notifications/newsroom.js';
import type { Stamp } from '../requests/answers.js';
import type { DeadFilter } from './dead-letter-search.js';
import { Redriver } from './redriver.js';

@Injectable()
export class Steering {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly happenings: Happenings,
    private readonly redriver: Redriver,
    private readonly newsroom: Newsroom,
  ) {}

  /** Nothing new is leased; what is leased goes on. */
  pause(jobId: string, stamp: Stamp): Promise<JobAnswer> {
    return this.change(jobId, stamp, (job) => ({ ...job, state: nextJobState(job.state, 'pause') }));
  }

  /** Runs a paused job on, once what paused it is mended. */
  resume(jobId: string, stamp: Stamp): Promise<JobAnswer> {
    return this.change(jobId, stamp, ({ failure: _mended, ...job }) => ({
      ...job,
      state: nextJobState(job.state, 'resume'),
    }));
  }

  /** No task is leased from here on; what is leased is taken back, what is accepted is still published. */
  async cancel(jobId: string, stamp: Stamp): Promise<JobAnswer> {
    const answer = await this.change(jobId, stamp, (job) => cancelJob(job, this.clock.now()), this.newsroom.end);
    this.happenings.jobCancelled.emit(jobId);
    this.happenings.newsAdded.emit();
    return answer;
  }

  /**
   * Makes dead letters available again, with full budgets. A job that has ended runs on with the first of them.
   *
   * @throws LongshoreError `transition-refused` for a cancelled job, `shutting-down`
   */
  redrive(jobId: string, filter: DeadFilter, stamp: Stamp): Promise<RedriveAnswer> {
    return this.redriver.redrive(jobId, filter, stamp);
  }

  /**
   * Ends the retry delays of tasks that wait for them. Budgets stay as they are, and so do dead letters.
   *
   * @throws LongshoreError `job-not-found`, or `task-not-found` where the job has no such task
   */
  async retry(jobId: string, taskId: string | undefined, stamp: Stamp): Promise<RetryAnswer> {
    if (!(await this.store.findJob(jobId))) throw new LongshoreError('job-not-found', `There is no job ${jobId}.`);
    if (taskId !== undefined && (await this.store.findTask(taskId))?.jobId !== jobId) {
      throw new LongshoreError('task-not-found', `Job ${jobId} has no task ${taskId}.`);
    }
    const receipt = (hastened: number) => stamp({ body: { hastened } satisfies RetryAnswer });
    const hastened = await this.store.hastenTasks(jobId, { now: this.clock.now(), taskId, receipt });
    this.announce(jobId);
    return { hastened };
  }

  private async change(jobId: string, stamp: Stamp, decide: (job: Job) => Job, tell?: Tell): Promise<JobAnswer> {
    const changed = await this.store.changeJob(jobId, (found) => {
      const job = decide(found);
      return { job, receipt: stamp({ body: jobAnswer(job) }), tell };
    });
    this.announce(jobId);
    return jobAnswer(changed);
  }

  private announce(jobId: string): void {
    this.happenings.workChanged.emit();
    this.happenings.jobAdvanced.emit(jobId);
  }
}
