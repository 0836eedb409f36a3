/** A job on a fleet that is not there: from event to event, by a clock that waits for nobody. */
import { isStraggler, type Job } from '@longshore/core';
import { Accounts } from './accounts.js';
import type { Assumptions } from './assumptions.js';
import { drawn, drawOf, type Draw } from './draw.js';
import { EventQueue } from './event-queue.js';
import { Machine, type Piece } from './machine.js';
import type { Outcome } from './outcome.js';
import { TaskBook, type Ending, type SimulatedTask } from './task-book.js';
import { WaitingRoom } from './waiting-room.js';
import type { Workload } from './workload.js';

/** Heartbeats in one lease time, as workers send them. */
const beatsPerLease = 4;
/** The orchestrator looks for slow tasks every second; nothing that takes hours hangs on these. */
const lookEveryMs = 5_000;

type Event =
  | { kind: 'up' | 'ask ahead' | 'lost'; machine: Machine }
  | { kind: 'fetched' | 'ran' | 'timedOut' | 'stored'; piece: Piece }
  | { kind: 'lease over'; lost: SimulatedTask }
  | { kind: 'available'; task: SimulatedTask }
  | { kind: 'look for slow tasks' };

export function simulateFleet(workload: Workload, given: Assumptions): Outcome {
  return new FleetSimulation(workload, given).run();
}

class FleetSimulation {
  private readonly events = new EventQueue<Event>();
  private readonly draw: Draw;
  private readonly book: TaskBook;
  private readonly machines: Machine[] = [];
  /** Those that were not taken away. */
  private readonly here = new Set<Machine>();
  private readonly waiting = new WaitingRoom();
  private readonly accounts: Accounts;
  private now = 0;
  private isLooking = false;

  constructor(
    private readonly workload: Workload,
    private readonly given: Assumptions,
  ) {
    this.draw = drawOf(given.seed);
    this.book = new TaskBook(workload, given.policy, this.draw);
    this.accounts = new Accounts(workload, given);
  }

  run(): Outcome {
    for (let number = 0; number < this.given.workers; number += 1) this.order();
    while (this.book.open > 0) {
      const next = this.events.next();
      if (!next) break;
      this.now = next.at;
      this.happen(next.event);
    }
    // What was begun a second time may still run elsewhere.
    for (const { held } of this.machines) for (const piece of [...held]) this.throwAway(piece);
    return this.accounts.close(this.machines, this.book, this.now);
  }

  private happen(event: Event): void {
    switch (event.kind) {
      case 'up':
        return this.comeUp(event.machine);
      case 'ask ahead':
        return this.fill(event.machine, true);
      case 'lost':
        return this.lose(event.machine);
      case 'fetched':
      case 'ran':
      case 'timedOut':
      case 'stored':
        if (!event.piece.over) this[event.kind](event.piece);
        return;
      case 'lease over':
        return this.tryAgain(event.lost, 'lease expired');
      case 'available':
        return this.giveBack(event.task);
      case 'look for slow tasks':
        return this.lookForSlow();
    }
  }

  private order(): void {
    const machine = new Machine(this.machines.length, this.now, this.given, this.draw);
    this.machines.push(machine);
    this.here.add(machine);
    this.events.plan(this.now + this.given.startUpMs, { kind: 'up', machine });
    if (machine.lostAt < Infinity) this.events.plan(machine.lostAt, { kind: 'lost', machine });
  }

  private comeUp(machine: Machine): void {
    if (machine.isGone) return;
    machine.isUp = true;
    this.fill(machine);
  }

  private fill(machine: Machine, ahead = false): void {
    while (machine.wantsMore) {
      // What is fetched ahead is asked for after everybody has had the chance to ask for what they can begin.
      if (!machine.couldBegin && !ahead) return this.events.plan(this.now, { kind: 'ask ahead', machine });
      const leased = this.book.lease(machine.id, this.now, this.given.leaseMs);
      if (!leased) {
        this.waiting.enter(machine);
        this.planLook();
        return;
      }
      this.begin(leased, machine);
    }
    this.waiting.leave(machine);
  }

  private begin(leased: SimulatedTask, machine: Machine): void {
    const { bytesBefore, msBefore } = this.workload;
    const { position } = leased.task;
    const end = position + leased.count;
    const piece: Piece = {
      ...leased,
      machine,
      stage: 'fetching',
      objectsMs: msBefore[end]! - msBefore[position]!,
      bytes: bytesBefore[end]! - bytesBefore[position]!,
      startedAt: 0,
      over: false,
    };
    machine.count(this.now);
    machine.held.add(piece);
    machine.fetching += 1;
    this.events.plan(machine.fetch(piece.bytes, this.now), { kind: 'fetched', piece });
  }

  private fetched(piece: Piece): void {
    const { machine } = piece;
    machine.count(this.now);
    machine.fetching -= 1;
    piece.stage = 'ready';
    machine.ready.push(piece);
    this.startReady(machine);
  }

  private startReady(machine: Machine): void {
    while (machine.hasFreeSlot) {
      const piece = machine.ready.shift();
      if (!piece) return;
      machine.count(this.now);
      machine.running += 1;
      piece.stage = 'running';
      piece.startedAt = this.now;
      const runMs = machine.runMs(piece);
      const limitMs = this.given.policy.timeoutSeconds * 1000;
      if (runMs > limitMs) this.events.plan(this.now + limitMs, { kind: 'timedOut', piece });
      else this.events.plan(this.now + runMs, { kind: 'ran', piece });
    }
  }

  private ran(piece: Piece): void {
    const { machine } = piece;
    machine.count(this.now);
    machine.running -= 1;
    piece.stage = 'storing';
    this.events.plan(machine.store(piece.bytes, this.now), { kind: 'stored', piece });
    this.startReady(machine);
    this.fill(machine);
  }

  private timedOut(piece: Piece): void {
    const { machine, task, count } = piece;
    this.throwAway(piece);
    this.accounts.attemptsTimedOut += 1;
    this.tryAgain({ task, count }, 'timed out');
    this.startReady(machine);
    this.fill(machine);
  }

  private stored(piece: Piece): void {
    piece.over = true;
    piece.machine.held.delete(piece);
    const { time } = this.accounts;
    time.objects += piece.objectsMs;
    time.slowMachines += piece.objectsMs * (piece.machine.slowness - 1);
    time.overhead += this.given.taskOverheadMs;
    this.book.complete(piece, this.now);
    if (this.waiting.size > 0) this.planLook();
  }

  private lose(machine: Machine): void {
    machine.count(this.now);
    machine.isGone = true;
    this.accounts.machinesLost += 1;
    this.waiting.leave(machine);
    this.here.delete(machine);
    const held = [...machine.held];
    for (const piece of held) this.throwAway(piece);
    this.accounts.attemptsLost += held.length;
    if (this.given.notice) for (const { task, count } of held) this.tryAgain({ task, count }, 'handed back');
    else
      for (const { task, count } of held)
        this.events.plan(this.leaseEnd(machine), { kind: 'lease over', lost: { task, count } });
    if (this.given.replace) this.order();
  }

  /** A lease lasts from the last heartbeat on, and nobody knows when that was. */
  private leaseEnd({ number }: Machine): number {
    const { leaseMs } = this.given;
    return this.now + leaseMs - this.draw(drawn.heartbeat, number) * (leaseMs / beatsPerLease);
  }

  private throwAway(piece: Piece): void {
    const { machine, stage } = piece;
    machine.count(this.now);
    if (stage === 'fetching') machine.fetching -= 1;
    if (stage === 'running') {
      machine.running -= 1;
      this.accounts.time.thrownAway += this.now - piece.startedAt;
    }
    if (stage === 'ready') machine.ready.splice(machine.ready.indexOf(piece), 1);
    if (stage === 'storing') this.accounts.time.thrownAway += machine.runMs(piece);
    piece.over = true;
    machine.held.delete(piece);
  }

  private tryAgain(lost: SimulatedTask, how: Ending): void {
    for (const task of this.book.end(lost, how, this.now)) {
      const { availableAt } = task.task;
      if (availableAt > this.now) this.events.plan(availableAt, { kind: 'available', task });
      else this.giveBack(task);
    }
  }

  private giveBack(task: SimulatedTask): void {
    this.book.giveBack(task);
    const { first } = this.waiting;
    if (first) this.fill(first, true);
  }

  /** Slow tasks are looked for only by workers that have nothing else to do. */
  private planLook(): void {
    if (this.isLooking || this.given.slowShare === 0 || this.book.longestTaskMs === undefined) return;
    this.isLooking = true;
    this.events.plan(this.now + lookEveryMs, { kind: 'look for slow tasks' });
  }

  private lookForSlow(): void {
    this.isLooking = false;
    const { longestTaskMs } = this.book;
    const job = { state: 'running', ...(longestTaskMs !== undefined && { longestTaskMs }) } as Job;
    for (const piece of [...this.here].flatMap(({ held }) => [...held])) {
      const idle = this.waiting.firstIdle;
      if (!idle) break;
      const { lease } = piece.task;
      if (!lease || piece.stage === 'storing' || piece.machine === idle) continue;
      // Acknowledged at once; a time of 0 would count as none.
      const held = { ...piece.task, lease: { ...lease, acknowledgedAt: Math.max(1, lease.leasedAt) } };
      if (isStraggler(held, job, idle.id, this.now)) this.runAgain(piece, idle);
    }
    if (this.waiting.size > 0) this.planLook();
  }

  private runAgain(piece: Piece, machine: Machine): void {
    this.throwAway(piece);
    this.accounts.secondRuns += 1;
    this.begin(this.book.leaseAgain(piece, machine.id, this.now, this.given.leaseMs), machine);
    this.startReady(piece.machine);
    this.fill(piece.machine);
    this.fill(machine);
  }
}
