/** Counts what becomes of tasks and attempts, from what the store has recorded. */
import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock, manifestOutputs, openTaskStates, taskBytes, type ScanStep, type Task } from '@longshore/core';
import { workStages, type StageTimes } from '@longshore/core/protocol';
import { Happenings } from '../events/happenings.js';
import type { Change, TaskMove } from '../events/watched-store.js';
import { Metrics } from './metrics.js';

@Injectable()
export class TaskMeter implements OnModuleInit, BeforeApplicationShutdown {
  private subscriptions: (() => void)[] = [];

  constructor(
    private readonly happenings: Happenings,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /** Before anything moves: what is published or taken back at the start counts as well. */
  onModuleInit(): void {
    const { changed, stagesTimed, refused } = this.happenings;
    this.subscriptions = [
      changed.subscribe((change) => this.note(change)),
      stagesTimed.subscribe((times) => this.noteStages(times)),
      refused.subscribe((code) => {
        this.metrics.refusals.inc({ code });
        if (code === 'stale-fence') this.metrics.staleFences.inc();
      }),
    ];
  }

  beforeApplicationShutdown(): void {
    for (const unsubscribe of this.subscriptions) unsubscribe();
  }

  private note(change: Change): void {
    if (change.kind === 'task') this.noteTask(change);
    else if (change.kind === 'job' && change.scan) this.noteScan(change.scan);
  }

  /** Objects that are refused, or were done before, are tasks that end as they begin. */
  private noteScan({ tasks }: ScanStep): void {
    for (const { refusal, carried, objects } of tasks) {
      const state = refusal ? 'dead' : carried && 'completed';
      if (state) this.countEnd(state, objects.length);
    }
  }

  private noteTask(move: TaskMove): void {
    const { task, before } = move;
    if (before && task.state === 'leased' && task.fence > before.fence) this.noteLease(task, before);
    this.noteAttempt(move);
    if (task.state !== before?.state && !openTaskStates.includes(task.state)) this.noteEnd(task);
  }

  private noteLease({ lease }: Task, before: Task): void {
    this.metrics.attemptsStarted.inc();
    if (before.state !== 'available' || !lease) return;
    this.metrics.leaseWait.observe(seconds(lease.leasedAt - before.availableAt));
  }

  private noteAttempt({ task, before, attempt }: TaskMove): void {
    if (!attempt || attempt.outcome === 'running') return;
    const { outcome, failure } = attempt;
    const { metrics } = this;
    metrics.attempts.inc({ outcome });
    if (before?.lease) metrics.attemptTime.observe({ outcome }, seconds(this.clock.now() - before.lease.leasedAt));
    if (outcome === 'expired' && failure) metrics.rescues.inc({ reason: failure.code });
    const isTriedAgain = task.state === 'available' || task.state === 'split';
    if (failure && isTriedAgain) metrics.retries.inc({ class: failure.class });
  }

  private noteEnd(task: Task): void {
    const { metrics } = this;
    this.countEnd(task.state, task.objects.length);
    metrics.taskTime.observe({ state: task.state }, seconds(this.clock.now() - task.createdAt));
    if (task.state !== 'completed') return;
    metrics.inputBytes.inc(taskBytes(task));
    const outputs = task.manifest ? manifestOutputs(task.manifest) : [];
    metrics.outputBytes.inc(outputs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  }

  private countEnd(state: Task['state'], objects: number): void {
    this.metrics.tasksEnded.inc({ state });
    this.metrics.objectsEnded.inc({ state }, objects);
  }

  private noteStages(times: StageTimes): void {
    for (const stage of workStages) {
      const ms = times[stage];
      if (ms !== undefined) this.metrics.stageTime.observe({ stage }, seconds(ms));
    }
  }
}

function seconds(ms: number): number {
  return Math.max(0, ms) / 1000;
}
