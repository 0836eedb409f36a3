/** Makes events of changes: a job that changes a thousand times in a moment is told of once. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Chance, JobStore, messageOf, type Task, type Worker } from '@longshore/core';
import { jobEvent, taskEvent, workerEvent, type StreamEvent } from '@longshore/core/protocol';
import { EventRing, type Missed, type NumberedEvent } from './event-ring.js';
import { Happenings } from './happenings.js';
import { Signal } from './signal.js';
import type { Change } from './watched-store.js';

const everyMs = 250;
/** Some minutes of a busy cluster. */
const kept = 5_000;
/** More of one job in one moment are told of as a number. */
const tasksAtOnce = 20;
const workersAtOnce = 200;

@Injectable()
export class EventFeed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly told = new Signal<NumberedEvent>();
  private readonly log = new Logger(EventFeed.name);
  private readonly ring: EventRing;
  private readonly jobs = new Set<string>();
  private readonly tasks = new Map<string, Map<string, Task>>();
  private readonly workers = new Map<string, Worker>();
  private readonly workersTold = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> = Promise.resolve();
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly store: JobStore,
    private readonly happenings: Happenings,
    chance: Chance,
  ) {
    this.ring = new EventRing(chance.id(), kept);
  }

  onApplicationBootstrap(): void {
    this.unsubscribe = this.happenings.changed.subscribe((change) => this.note(change));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe();
    clearTimeout(this.timer);
    await this.telling;
  }

  get lastId(): string {
    return this.ring.lastId;
  }

  after(id: string): Missed {
    return this.ring.after(id);
  }

  private note(change: Change): void {
    if (change.kind === 'job') this.jobs.add(change.jobId);
    else if (change.kind === 'worker') {
      if (!this.isNews(change.worker)) return;
      this.workers.set(change.worker.id, change.worker);
    } else {
      const { task } = change;
      const ofJob = this.tasks.get(task.jobId) ?? new Map<string, Task>();
      this.tasks.set(task.jobId, ofJob.set(task.id, task));
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.telling = this.telling
        .then(() => this.tell())
        .catch((thrown: unknown) => this.log.warn(`Events could not be told: ${messageOf(thrown)}.`));
    }, everyMs);
  }

  /** Most of what is stored of workers is that they were heard of. */
  private isNews({ id, state, draining }: Worker): boolean {
    const now = `${state} ${draining}`;
    if (this.workersTold.get(id) === now) return false;
    this.workersTold.set(id, now);
    return true;
  }

  private async tell(): Promise<void> {
    const [jobs, tasks, workers] = [[...this.jobs], [...this.tasks], [...this.workers.values()]];
    for (const noted of [this.jobs, this.tasks, this.workers]) noted.clear();
    for (const [jobId, changed] of tasks) {
      if (changed.size > tasksAtOnce) this.add({ event: 'tasks', data: { job_id: jobId, count: changed.size } }, jobId);
      else for (const task of changed.values()) this.add({ event: 'task', data: taskEvent(task) }, jobId);
    }
    for (const jobId of jobs) {
      const job = await this.store.findJob(jobId);
      if (job) this.add({ event: 'job', data: jobEvent(job) }, jobId);
    }
    for (const worker of workers.slice(0, workersAtOnce)) this.add({ event: 'worker', data: workerEvent(worker) });
  }

  private add(event: StreamEvent, jobId?: string): void {
    this.told.emit(this.ring.add(event, jobId));
  }
}
