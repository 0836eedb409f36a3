/** Takes as much work as the slots have use for, and begins it. */
import { Injectable, Logger } from '@nestjs/common';
import { LongshoreError } from '@longshore/core';
import type { Assignment, HeldAssignment } from '@longshore/core/protocol';
import { WorkerMeter } from '../metrics/worker-meter.js';
import type { SlotPool } from '../slots/slot-pool.js';
import type { Passage } from '../task/pipeline.js';
import { Departure } from './departure.js';
import type { Registration } from './registrar.js';
import { TakenLease } from './taken-lease.js';

@Injectable()
export class WorkTaker {
  private readonly log = new Logger('Worker');
  private readonly tasks = new Set<Promise<void>>();
  /** By the ids of their assignments. */
  private readonly leases = new Map<string, TakenLease>();

  constructor(
    private readonly departure: Departure,
    private readonly meter: WorkerMeter,
  ) {}

  /** @returns false when there is nothing left to do */
  async takeSome(registration: Registration, slots: SlotPool): Promise<boolean> {
    const { workerId, desk, overlap } = registration;
    const { noMore } = this.departure;
    await slots.opening(overlap, noMore);
    this.meter.slots(slots.count, slots.busyCount);
    const wish = { max: slots.openings(overlap), held: () => this.held() };
    const { assignments, shutdown, cancelled } = await desk.take(wish, noMore);
    if (shutdown !== undefined) {
      this.log.log(shutdown, { worker_id: workerId });
      return false;
    }
    for (const id of cancelled) this.leases.get(id)?.lose('The orchestrator has taken it back.');
    for (const given of assignments) this.take(given, registration, slots);
    return true;
  }

  /** Waits until nothing runs any more. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.tasks);
  }

  private take(given: Assignment, registration: Registration, slots: SlotPool): void {
    // One that is given again because nobody knew that it had been received.
    if (this.leases.has(given.assignment_id)) return;
    const passage = slots.enter(registration.overlap);
    // It is not acknowledged, and so it is given again.
    if (!passage) return;
    const acknowledged = this.acknowledge(registration, given, passage.isAhead);
    const { keeper } = registration;
    const { assignment_id, fence } = given;
    const lease = new TakenLease({ assignment_id, fence }, acknowledged, (renewedAt) => keeper.keep(given, renewedAt));
    this.leases.set(assignment_id, lease);
    this.begin(given, lease, registration, passage, slots);
  }

  /** @returns from when on the lease lasts; undefined when it was taken back meanwhile */
  private async acknowledge(
    { desk }: Registration,
    { assignment_id, fence }: Assignment,
    waits: boolean,
  ): Promise<number | undefined> {
    try {
      return await desk.acknowledge({ assignment_id, fence }, waits, this.departure.now);
    } catch (thrown) {
      if (thrown instanceof LongshoreError && thrown.code === 'stale-fence') return undefined;
      throw thrown;
    }
  }

  private held(): HeldAssignment[] {
    return [...this.leases.values()].filter(({ lost }) => !lost.aborted).map(({ assignment }) => assignment);
  }

  private begin(
    assignment: Assignment,
    lease: TakenLease,
    { runner }: Registration,
    passage: Passage,
    slots: SlotPool,
  ): void {
    this.meter.slots(slots.count, slots.busyCount);
    const { job_id, task_id, attempt } = assignment;
    const { number: slot } = passage.slot;
    this.log.debug(`Attempt ${attempt} of task ${task_id} begins.`, { job_id, task_id, attempt, slot });
    const { now: stopping, noMore: draining } = this.departure;
    const task = runner
      .run(assignment, passage, { lost: lease.lost, stopping, draining }, lease)
      // This machine can run nothing more; what it holds goes to others.
      .catch((thrown: unknown) => this.departure.breakDown(thrown))
      .finally(() => {
        lease.release();
        this.leases.delete(assignment.assignment_id);
        this.meter.slots(slots.count, slots.busyCount);
        this.tasks.delete(task);
      });
    this.tasks.add(task);
  }
}
