/** Where workers wait for work: woken by what makes a task ready, as many as there are tasks, and never to look in vain. */
import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock, JobStore, openTaskStates, type ScanStep } from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Happenings } from '../events/happenings.js';
import type { Change } from '../events/watched-store.js';
import { Deadlines } from './deadlines.js';
import { Stragglers } from './stragglers.js';
import { Queue, type Waiter } from './waiting-queue.js';

/** Whoever waits for a slow task is told of one so much later at most. */
const lookForSlowMs = 1_000;

export interface Waiting {
  workerId: string;
  plugins: readonly string[];
  isDraining: boolean;
  isBusy: boolean;
  ms: number;
  gaveUp: AbortSignal;
}

@Injectable()
export class WaitingRoom implements OnModuleInit, BeforeApplicationShutdown {
  /** By the plugins of those who wait, for whoever wakes one of them wakes the one who can do the work. */
  private readonly queues = new Map<string, Queue>();
  private readonly byWorker = new Map<string, Set<Waiter>>();
  private readonly closing = new AbortController();
  private readonly deadlines: Deadlines;
  private subscriptions: (() => void)[] = [];
  private ready = 0;
  private isWaking = false;
  private isLookingForSlow = false;

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly config: OrchestratorConfig,
    private readonly happenings: Happenings,
    private readonly stragglers: Stragglers,
  ) {
    this.deadlines = new Deadlines(clock, this.closing.signal);
  }

  onModuleInit(): void {
    const { changed, workChanged, jobEnded } = this.happenings;
    this.subscriptions = [
      changed.subscribe((change) => this.note(change)),
      workChanged.subscribe(() => this.wakeOneByOne()),
      jobEnded.subscribe(() => this.wakeOneByOne()),
    ];
  }

  /** Nobody waits any more, because the orchestrator stops. */
  get isClosed(): boolean {
    return this.closing.signal.aborted;
  }

  beforeApplicationShutdown(): void {
    for (const unsubscribe of this.subscriptions) unsubscribe();
    this.closing.abort();
  }

  /**
   * Resolves when it is worth looking again, when the time is over, or when the worker has hung up.
   *
   * @returns what to call when something was found: whoever was woken without being counted wakes the next one
   */
  async wait({ workerId, plugins, isDraining, isBusy, ms, gaveUp }: Waiting): Promise<() => void> {
    if (ms <= 0 || gaveUp.aborted || this.closing.signal.aborted) return () => undefined;
    const queue = this.queueOf(plugins);
    const woken = Promise.withResolvers<void>();
    const wake = () => woken.resolve();
    const waiter: Waiter = { isDraining, isBusy, wake, isCounted: true };
    const forget = this.deadlines.add(ms, wake);
    gaveUp.addEventListener('abort', wake);
    queue.add(waiter);
    const own = this.byWorker.get(workerId) ?? new Set();
    this.byWorker.set(workerId, own.add(waiter));
    this.expectDelayed(queue);
    this.lookForSlow();
    await woken.promise;
    gaveUp.removeEventListener('abort', wake);
    forget();
    queue.remove(waiter);
    own.delete(waiter);
    if (own.size === 0) this.byWorker.delete(workerId);
    return () => {
      if (!waiter.isCounted) queue.wake(2, { isCounted: false });
    };
  }

  private queueOf(plugins: readonly string[]): Queue {
    const key = plugins.join('\n');
    const queue = this.queues.get(key) ?? new Queue(plugins);
    this.queues.set(key, queue);
    return queue;
  }

  private note(change: Change): void {
    if (change.kind === 'worker') {
      if (change.worker.draining) this.wakeWorker(change.worker.id, () => true);
    } else if (change.kind === 'job') {
      if (change.scan) this.addReady(readyIn(change.scan));
    } else {
      const { task, before } = change;
      if (task.state === 'available') this.noteAvailable(task.availableAt);
      // A worker that is drained leaves once it holds nothing more.
      const holder = before?.lease?.workerId;
      if (holder !== undefined && !task.lease) this.wakeWorker(holder, ({ isDraining }) => isDraining);
      // Where workers go home when all is done, the last publication of an ended job may be all.
      const isEnd = !openTaskStates.includes(task.state);
      if (isEnd && this.config.whenDone === 'shutdown') this.wakeOneByOne();
    }
  }

  private noteAvailable(at: number): void {
    if (at <= this.clock.now()) return this.addReady(1);
    for (const queue of this.queues.values()) this.expect(queue, at);
  }

  /** Counted until everything that came with the same commit is known. */
  private addReady(tasks: number): void {
    this.ready += tasks;
    if (this.ready === 0 || this.isWaking) return;
    this.isWaking = true;
    setImmediate(() => {
      const { ready } = this;
      this.isWaking = false;
      this.ready = 0;
      for (const queue of this.queues.values()) queue.wake(ready);
    });
  }

  /** Where nobody knows how much there is: whoever finds something wakes two more, and so they are many in a moment, or one was woken in vain. */
  private wakeOneByOne(): void {
    for (const queue of this.queues.values()) queue.wake(1, { isCounted: false });
  }

  private wakeWorker(workerId: string, which: (waiter: Waiter) => boolean): void {
    for (const waiter of this.byWorker.get(workerId) ?? []) if (which(waiter)) waiter.wake();
  }

  /** Who waits has found nothing, so all that is available waits for its time; one look finds the first. */
  private expectDelayed(queue: Queue): void {
    if (queue.isFirstKnown) return;
    queue.isFirstKnown = true;
    void this.store.nextAvailableAt(queue.plugins, this.clock.now()).then(
      (at) => at !== undefined && this.expect(queue, at),
      () => (queue.isFirstKnown = false),
    );
  }

  /** One timer for the earliest. */
  private expect(queue: Queue, at: number): void {
    if (at >= queue.expectedAt || this.closing.signal.aborted) return;
    queue.timer?.abort();
    const timer = new AbortController();
    queue.timer = timer;
    queue.expectedAt = at;
    const stop = AbortSignal.any([timer.signal, this.closing.signal]);
    void this.clock.sleep(at - this.clock.now(), stop).then(() => {
      if (stop.aborted) return;
      queue.expectedAt = Infinity;
      queue.isFirstKnown = false;
      queue.wake(1, { isCounted: false });
    });
  }

  /** Nothing happens when a task becomes slow, so somebody looks, and once for all who wait. */
  private lookForSlow(): void {
    if (this.isLookingForSlow) return;
    this.isLookingForSlow = true;
    void this.clock.sleep(lookForSlowMs, this.closing.signal).then(async () => {
      const slow = this.closing.signal.aborted ? 0 : await this.stragglers.count().catch(() => 0);
      this.isLookingForSlow = false;
      if (this.byWorker.size === 0) return;
      if (slow > 0) for (const queue of this.queues.values()) queue.wake(slow);
      if (!this.closing.signal.aborted) this.lookForSlow();
    });
  }
}

function readyIn({ tasks }: ScanStep): number {
  const ready = tasks.filter(({ refusal, carried }) => !refusal && !carried);
  // What is uncut may make a task of each of its objects.
  return ready.reduce((sum, { uncut, objects }) => sum + (uncut ? objects.length : 1), 0);
}
