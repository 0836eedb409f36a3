/** What a simulated run has lost, and where the time of its slots went. */
import type { Assumptions } from './assumptions.js';
import type { Machine } from './machine.js';
import type { Outcome, SlotTime } from './outcome.js';
import type { TaskBook } from './task-book.js';
import type { Workload } from './workload.js';

export class Accounts {
  readonly time: SlotTime = {
    objects: 0,
    slowMachines: 0,
    overhead: 0,
    thrownAway: 0,
    awaitingBytes: 0,
    starting: 0,
    idle: 0,
  };
  machinesLost = 0;
  attemptsLost = 0;
  attemptsTimedOut = 0;
  secondRuns = 0;

  constructor(
    private readonly workload: Workload,
    private readonly given: Assumptions,
  ) {}

  /** @param machines all that were ordered, none of which holds anything any more */
  close(machines: readonly Machine[], { completedObjects, deadObjects }: TaskBook, now: number): Outcome {
    const { workload, given, time } = this;
    const paidMs = machines.reduce((sum, machine) => sum + this.paidFor(machine, now), 0);
    const workMs = workload.msBefore.at(-1) ?? 0;
    const workerHours = paidMs / 3_600_000;
    return {
      tasks: workload.firsts.length - 1,
      objects: workload.objects,
      completedObjects,
      deadObjects,
      makespanMs: now,
      idealMs: workMs / (given.workers * given.slots),
      workerHours,
      cost: workerHours * given.pricePerHour,
      utilisation: paidMs === 0 ? 0 : time.objects / (paidMs * given.slots),
      machinesLost: this.machinesLost,
      attemptsLost: this.attemptsLost,
      attemptsTimedOut: this.attemptsTimedOut,
      secondRuns: this.secondRuns,
      doneTwice: time.objects === 0 ? 0 : time.thrownAway / time.objects,
      time,
    };
  }

  private paidFor(machine: Machine, now: number): number {
    const { given, time } = this;
    const leftAt = Math.min(machine.lostAt, now);
    const upAt = Math.min(machine.orderedAt + given.startUpMs, leftAt);
    machine.count(leftAt);
    time.starting += (upAt - machine.orderedAt) * given.slots;
    time.awaitingBytes += machine.awaitedBytesMs;
    time.idle += machine.idleMs;
    return leftAt - machine.orderedAt;
  }
}
