/** Reads how everything stands from the store, at most once in a second however many ask. */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Clock, JobStore, jobStates, taskStates, workerStates, type VitalSigns } from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { EventFeed } from '../events/event-feed.js';
import { Metrics } from './metrics.js';

const goodForMs = 1_000;

@Injectable()
export class StateGauges {
  private readAt = -Infinity;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly config: OrchestratorConfig,
    private readonly feed: EventFeed,
    private readonly metrics: Metrics,
  ) {}

  /** @throws LongshoreError what the store throws */
  async refresh(): Promise<void> {
    this.metrics.subscribers.set(this.feed.told.size);
    if (this.clock.now() - this.readAt < goodForMs) return;
    this.reading ??= this.read().finally(() => (this.reading = undefined));
    await this.reading;
  }

  private async read(): Promise<void> {
    const { insight } = this.store;
    const [totals, jobs, signs] = await Promise.all([insight.totals(), insight.jobsByState(), insight.vitalSigns()]);
    const { metrics } = this;
    for (const state of taskStates) {
      metrics.tasks.set({ state }, totals.tasks[state]);
      metrics.objects.set({ state }, totals.objects[state]);
    }
    for (const state of jobStates) metrics.jobs.set({ state }, jobs.find((one) => one.state === state)?.count ?? 0);
    metrics.slotsBusy.set(totals.tasks.leased + totals.tasks.accepted);
    metrics.tasksWaiting.set(signs.waitingTasks);
    metrics.scansRunning.set(signs.scans.running);
    metrics.scanObjects.set(signs.scans.objectsListed);
    metrics.outboxWaiting.set(signs.outbox.waiting);
    metrics.outboxFailing.set(signs.outbox.failing);
    this.showWorkers(signs);
    await this.showDisk();
    this.readAt = this.clock.now();
  }

  private showWorkers({ workers }: VitalSigns): void {
    const { metrics } = this;
    for (const state of workerStates)
      metrics.workers.set({ state }, workers.find((one) => one.state === state)?.count ?? 0);
    const here = workers.filter(({ state }) => state === 'idle' || state === 'processing');
    metrics.slots.set(here.reduce((sum, { slots }) => sum + slots, 0));
    const free = here.flatMap(({ diskFreeBytes }) => diskFreeBytes ?? []);
    if (free.length > 0) metrics.workerDisk.set(Math.min(...free));
    else metrics.workerDisk.remove();
  }

  /** Where the state is no file of this machine, nothing is said of its disk. */
  private async showDisk(): Promise<void> {
    const disk = await statfs(dirname(this.config.statePath)).catch(() => undefined);
    if (disk) this.metrics.stateDisk.set(disk.bavail * disk.bsize);
    else this.metrics.stateDisk.remove();
  }
}
