/** What came of a simulated run. */

export interface Outcome {
  tasks: number;
  objects: number;
  completedObjects: number;
  /** Out of losses, as in a real run. */
  deadObjects: number;
  makespanMs: number;
  /** What one machine with all slots would need at best: nothing starts, nothing is lost, nothing waits. */
  idealMs: number;
  workerHours: number;
  cost: number;
  /** Share of the paid time of all slots in which objects were worked on that count. */
  utilisation: number;
  machinesLost: number;
  /** Attempts that ended because their worker was taken away. */
  attemptsLost: number;
  /** Attempts whose command ran longer than the job allows. */
  attemptsTimedOut: number;
  secondRuns: number;
  /** Work that was thrown away, as a share of the work that counts. */
  doneTwice: number;
  /** Milliseconds of all slots; together what was paid for. */
  time: SlotTime;
}

export interface SlotTime {
  objects: number;
  slowMachines: number;
  overhead: number;
  thrownAway: number;
  awaitingBytes: number;
  starting: number;
  idle: number;
}

export const slotTimeNames: Readonly<Record<keyof SlotTime, string>> = {
  objects: 'working on objects',
  slowMachines: 'longer on slow machines',
  overhead: 'containers and requests',
  thrownAway: 'work that was thrown away',
  awaitingBytes: 'waiting for objects to arrive',
  starting: 'machines starting',
  idle: 'nothing to do',
};
