/** Finds what a request names, or says that it is not there. */
import { Injectable } from '@nestjs/common';
import { JobStore, LongshoreError, type Job, type Task } from '@longshore/core';

@Injectable()
export class Found {
  constructor(private readonly store: JobStore) {}

  /** @throws LongshoreError `job-not-found` */
  async job(id: string): Promise<Job> {
    const job = await this.store.findJob(id);
    if (!job)
      throw new LongshoreError('job-not-found', `There is no job ${id}.`, {
        remedy: `Name a whole id, as "longshore jobs" lists them, or "last".`,
      });
    return job;
  }

  /** @throws LongshoreError `task-not-found` */
  async task(id: string): Promise<Task> {
    const task = await this.store.findTask(id);
    if (!task)
      throw new LongshoreError('task-not-found', `There is no task ${id}.`, {
        remedy: `Name a whole id, as "longshore tasks <job>" lists them.`,
      });
    return task;
  }
}
