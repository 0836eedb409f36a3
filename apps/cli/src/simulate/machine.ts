/** One simulated worker: its slots, its connection, and where the time of its slots went. */
import type { Assumptions } from './assumptions.js';
import { drawn, lifeMs, type Draw } from './draw.js';
import type { SimulatedTask } from './task-book.js';

/** One task on one machine. */
export interface Piece extends SimulatedTask {
  machine: Machine;
  stage: 'fetching' | 'ready' | 'running' | 'storing';
  /** Milliseconds of its objects on an ordinary machine. */
  objectsMs: number;
  bytes: number;
  startedAt: number;
  /** Nobody waits for it any more. */
  over: boolean;
}

export class Machine {
  readonly id: string;
  /** When it is taken away. */
  readonly lostAt: number;
  readonly slowness: number;
  readonly held = new Set<Piece>();
  readonly ready: Piece[] = [];
  isUp = false;
  isGone = false;
  running = 0;
  fetching = 0;
  /** Milliseconds in which slots were free: while objects were on their way, and while there was nothing to do. */
  awaitedBytesMs = 0;
  idleMs = 0;
  private fetchedAt = 0;
  private storedAt = 0;
  private countedAt: number;

  constructor(
    readonly number: number,
    readonly orderedAt: number,
    private readonly given: Assumptions,
    draw: Draw,
  ) {
    this.id = `worker-${number}`;
    this.lostAt = orderedAt + lifeMs(draw, number, given.lossPerHour);
    this.slowness = draw(drawn.slow, number) < given.slowShare ? given.slowness : 1;
    this.countedAt = orderedAt + given.startUpMs;
  }

  /** True while it should ask for another task. */
  get wantsMore(): boolean {
    const { slots, ahead } = this.given;
    return this.isUp && !this.isGone && this.running + this.fetching + this.ready.length < slots * (1 + ahead);
  }

  /** True while a slot has nothing to run and nothing to wait for. */
  get couldBegin(): boolean {
    return this.running + this.fetching + this.ready.length < this.given.slots;
  }

  get hasFreeSlot(): boolean {
    return this.running < this.given.slots;
  }

  /** When the objects are here: one connection carries one after the other. */
  fetch(bytes: number, now: number): number {
    this.fetchedAt = Math.max(this.fetchedAt, now) + this.transferMs(bytes);
    return this.fetchedAt;
  }

  /** When the outputs are stored. */
  store(bytes: number, now: number): number {
    this.storedAt = Math.max(this.storedAt, now) + this.transferMs(bytes * this.given.outputShare);
    return this.storedAt;
  }

  runMs({ objectsMs }: Piece): number {
    return objectsMs * this.slowness + this.given.taskOverheadMs;
  }

  /** Counts the time since it was last counted; to be called before anything changes. */
  count(now: number): void {
    if (now <= this.countedAt) return;
    const ms = now - this.countedAt;
    const free = this.given.slots - this.running;
    const awaiting = Math.min(free, this.fetching);
    this.awaitedBytesMs += awaiting * ms;
    this.idleMs += (free - awaiting) * ms;
    this.countedAt = now;
  }

  private transferMs(bytes: number): number {
    return (bytes / this.given.transferRate) * 1000;
  }
}
