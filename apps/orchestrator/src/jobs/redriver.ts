/** Tries dead letters again: a few at once with the answer, many by an order that is worked off page by page, also after a crash. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import {
  advanceRedrive,
  canBeRedriven,
  Clock,
  endedJobStates,
  isOrdered,
  JobStore,
  LongshoreError,
  messageOf,
  nextJobState,
  orderRedrive,
  redriveTask,
  reopenJob,
  type Job,
  type Receipt,
  type RedriveOrder,
  type Task,
  type TaskChange,
} from '@longshore/core';
import type { RedriveAnswer } from '@longshore/core/protocol';
import { Happenings } from '../events/happenings.js';
import type { Stamp } from '../requests/answers.js';
import { DeadLetterSearch, type DeadFilter } from './dead-letter-search.js';
import { Doorway } from './doorway.js';
import { untilStored } from './until-stored.js';

/** Tasks changed in one transaction: some 20 ms, for which everybody else waits. */
const atOnce = 200;
const lookAgainMs = 5_000;

@Injectable()
export class Redriver implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(Redriver.name);
  private readonly stopping = new AbortController();
  private readonly working = new Map<string, Promise<void>>();

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly search: DeadLetterSearch,
    private readonly happenings: Happenings,
    private readonly door: Doorway,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const job of await this.store.jobsIn(['running', 'paused'])) if (job.redrives) this.begin(job.id);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.working.values());
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
    const isOne = filter.task !== undefined || filter.key !== undefined;
    const { tasks, objects, refused } = isOne
      ? { tasks: 0, objects: 0, refused: 0 }
      : await this.search.count(jobId, filter);
    const answer =
      tasks > atOnce && objects > refused
        ? await this.order(jobId, filter, { answer: { redriven: objects - refused, refused, ongoing: true }, stamp })
        : await this.redriveFew(jobId, filter, stamp);
    if (job.scan !== 'done') this.happenings.jobCreated.emit(jobId);
    this.happenings.workChanged.emit();
    this.happenings.jobAdvanced.emit(jobId);
    return answer;
  }

  /** In one transaction with the answer, as far as they are no more than one may hold; the last one has the answer. */
  private async redriveFew(jobId: string, filter: DeadFilter, stamp: Stamp): Promise<RedriveAnswer> {
    const dead: Task[] = [];
    for await (const task of this.search.find(jobId, filter)) dead.push(task);
    const [wanted, refused] = [dead.filter(canBeRedriven), dead.filter((task) => !canBeRedriven(task))];
    const answer: RedriveAnswer = { redriven: objectsOf(wanted), refused: objectsOf(refused) };
    await this.door.enter(() => this.change(jobId, wanted, stamp({ body: answer })));
    return answer;
  }

  private async change(jobId: string, tasks: readonly Task[], receipt: Receipt | undefined): Promise<void> {
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

  private async order(
    jobId: string,
    { group, reason }: DeadFilter,
    { answer, stamp }: { answer: RedriveAnswer; stamp: Stamp },
  ): Promise<RedriveAnswer> {
    const order: RedriveOrder = {
      at: this.clock.now(),
      ...(group !== undefined && { group }),
      ...(reason && { reason }),
    };
    const receipt = stamp({ body: answer });
    await this.door.enter(() => this.store.changeJob(jobId, (job) => ({ job: orderRedrive(job, order), receipt })));
    this.begin(jobId);
    return answer;
  }

  /** One that is being worked on takes up what was ordered meanwhile. */
  private begin(jobId: string): void {
    const before = this.working.get(jobId) ?? Promise.resolve();
    const next = before
      .then(() => this.workOff(jobId))
      .catch((thrown: unknown) => this.log.error(`Redriving job ${jobId} stopped: ${messageOf(thrown)}`))
      .finally(() => {
        if (this.working.get(jobId) === next) this.working.delete(jobId);
      });
    this.working.set(jobId, next);
  }

  private async workOff(jobId: string): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      const order = (await this.store.findJob(jobId))?.redrives?.[0];
      if (!order || signal.aborted) break;
      await this.redriveSome(jobId, order);
      this.happenings.workChanged.emit();
    }
    this.happenings.jobAdvanced.emit(jobId);
  }

  /** An order that stood still would keep its job from ever ending, so whatever goes wrong is tried again. */
  private async redriveSome(jobId: string, order: RedriveOrder): Promise<void> {
    const { signal } = this.stopping;
    try {
      await untilStored(this.clock, signal, () => this.redrivePage(jobId, order));
    } catch (thrown) {
      if (signal.aborted) return;
      this.log.error(`Redriving job ${jobId} is tried again: ${messageOf(thrown)}`);
      await this.clock.sleep(lookAgainMs, signal);
    }
  }

  /** A page of an order and where the next one begins, in one transaction. */
  private async redrivePage(jobId: string, order: RedriveOrder): Promise<void> {
    const { group, after } = order;
    const request = { limit: atOnce, ...(after !== undefined && { after }), ...(group !== undefined && { group }) };
    const { items, next } = await this.store.insight.deadLetters(jobId, request);
    const ids = items.filter((task) => isOrdered(task, order)).map(({ id }) => id);
    const last = ids.at(-1);
    if (last === undefined) {
      await this.store.changeJob(jobId, (job) => ({ job: advanced(job, order, next) }));
      return;
    }
    const now = this.clock.now();
    const decide = (task: Task, job: Job): TaskChange => {
      const wanted = !endedJobStates.includes(job.state) && isOrdered(task, order);
      return {
        task: wanted ? redriveTask(task, job, now) : task,
        ...(task.id === last && { job: advanced(job, order, next) }),
      };
    };
    await this.store.changeTasks(ids, decide, now);
  }
}

/** A job that was cancelled or has failed meanwhile gets no more work. */
function advanced(job: Job, order: RedriveOrder, next: string | undefined): Job {
  const { redrives: _dropped, ...rest } = job;
  return endedJobStates.includes(job.state) ? rest : advanceRedrive(job, order, next);
}

function objectsOf(tasks: readonly Task[]): number {
  return tasks.reduce((sum, { objects }) => sum + objects.length, 0);
}
