/** What people do to jobs that run: pause, resume, cancel, and try dead letters again. */
import { Injectable } from '@nestjs/common';
import {
  cancelJob,
  canBeRedriven,
  Clock,
  endedJobStates,
  JobStore,
  LongshoreError,
  nextJobState,
  redriveTask,
  reopenJob,
  type ErrorCode,
  type Job,
  type Page,
  type PageRequest,
  type Receipt,
  type Task,
  type TaskChange,
  type Tell,
} from '@longshore/core';
import { jobAnswer, type JobAnswer, type RedriveAnswer, type RetryAnswer } from '@longshore/core/protocol';
import { Happenings } from '../events/happenings.js';
import { Newsroom } from '../notifications/newsroom.js';
import type { Stamp } from '../requests/answers.js';
import { Doorway } from './doorway.js';

/** Which dead letters; all, where nothing is said. */
export interface DeadFilter {
  reason?: ErrorCode | undefined;
  key?: string | undefined;
  task?: string | undefined;
  /** A group of failures. */
  group?: string | undefined;
}

/** Tasks changed in one transaction. */
const atOnce = 1_000;

@Injectable()
export class Steering {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly happenings: Happenings,
    private readonly door: Doorway,
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
  async redrive(jobId: string, filter: DeadFilter, stamp: Stamp): Promise<RedriveAnswer> {
    const job = await this.store.findJob(jobId);
    if (!job) throw new LongshoreError('job-not-found', `There is no job ${jobId}.`);
    if (job.state === 'cancelled') nextJobState(job.state, 'redrive');
    const dead: Task[] = [];
    for await (const task of this.deadLetters(jobId, filter)) dead.push(task);
    const [wanted, refused] = [dead.filter(canBeRedriven), dead.filter((task) => !canBeRedriven(task))];
    const answer: RedriveAnswer = { redriven: objectsOf(wanted), refused: objectsOf(refused) };
    await this.door.enter(() => this.redriveAll(jobId, wanted, stamp({ body: answer })));
    if (job.scan !== 'done') this.happenings.jobCreated.emit(jobId);
    this.announce(jobId);
    return answer;
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

  /** In one transaction with the answer, as long as they are no more than one may hold; the last one has the answer. */
  private async redriveAll(jobId: string, tasks: readonly Task[], receipt: Receipt | undefined): Promise<void> {
    const now = this.clock.now();
    const last = tasks.at(-1)?.id;
    if (last === undefined) {
      await this.store.changeJob(jobId, (job) => ({ job, receipt }));
      return;
    }
    const decide = (task: Task, job: Job): TaskChange => {
      const answered = task.id === last ? { receipt } : {};
      // Somebody else has redriven it meanwhile.
      if (task.state !== 'dead') return { task, ...answered };
      const reopened = endedJobStates.includes(job.state) ? { job: reopenJob(job) } : {};
      return { task: redriveTask(task, job, now), ...reopened, ...answered };
    };
    for (let from = 0; from < tasks.length; from += atOnce) {
      const ids = tasks.slice(from, from + atOnce).map(({ id }) => id);
      await this.store.changeTasks(ids, decide, now);
    }
  }

  private async *deadLetters(jobId: string, { reason, key, task: taskId, group }: DeadFilter): AsyncIterable<Task> {
    const wanted = (task: Task): boolean =>
      (reason === undefined || task.failure?.code === reason) &&
      (key === undefined || task.objects.some((object) => object.key === key));
    if (taskId !== undefined) {
      const task = await this.store.findTask(taskId);
      if (task?.jobId === jobId && task.state === 'dead' && wanted(task)) yield task;
      return;
    }
    let after: string | undefined;
    do {
      const request = { limit: 200, ...(after !== undefined && { after }) };
      const page = await this.deadPage(jobId, request, group);
      yield* page.items.filter(wanted);
      after = page.next;
    } while (after !== undefined);
  }

  private async deadPage(jobId: string, request: PageRequest, group: string | undefined): Promise<Page<Task>> {
    if (group === undefined) return this.store.listTasks(jobId, { ...request, states: ['dead'] });
    const { items, next } = await this.store.insight.deadLetters(jobId, { ...request, group });
    const tasks = await Promise.all(items.map(({ id }) => this.store.findTask(id)));
    return { items: tasks.filter((task) => task !== undefined), ...(next !== undefined && { next }) };
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

function objectsOf(tasks: readonly Task[]): number {
  return tasks.reduce((sum, { objects }) => sum + objects.length, 0);
}
