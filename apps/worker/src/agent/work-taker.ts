/** Takes as much work as slots are free, and begins it. */
import { Injectable, Logger } from '@nestjs/common';
import { Chance, Clock, LongshoreError } from '@longshore/core';
import type { Assignment } from '@longshore/core/protocol';
import { OrchestratorClient } from '../client/orchestrator-client.js';
import { persistently } from '../client/persistence.js';
import { WorkerMeter } from '../metrics/worker-meter.js';
import type { SlotPool } from '../slots/slot-pool.js';
import { Departure } from './departure.js';
import type { Registration } from './registrar.js';

/** A long poll, well below what proxies cut off. */
const waitSeconds = 20;

@Injectable()
export class WorkTaker {
  private readonly log = new Logger('Worker');
  private readonly tasks = new Set<Promise<void>>();

  constructor(
    private readonly client: OrchestratorClient,
    readonly clock: Clock,
    readonly chance: Chance,
    private readonly departure: Departure,
    private readonly meter: WorkerMeter,
  ) {}

  /** @returns false when there is nothing left to do */
  async takeSome(registration: Registration, slots: SlotPool): Promise<boolean> {
    if (slots.freeCount === 0) {
      await Promise.race(this.tasks);
      return true;
    }
    const { workerId } = registration;
    this.meter.slots(slots.count, slots.count - slots.freeCount);
    const { noMore } = this.departure;
    const ask = () => this.client.ask(workerId, waitSeconds, slots.freeCount, noMore);
    const { assignment, assignments = [] } = await persistently(this, noMore, ask, (trouble) =>
      this.log.warn(trouble.sentence, { worker_id: workerId, code: trouble.code }),
    );
    if (assignment && 'shutdown' in assignment) {
      this.log.log(assignment.message, { worker_id: workerId });
      return false;
    }
    for (const given of assignments) {
      const renewedAt = await this.acknowledge(workerId, given);
      if (renewedAt !== undefined) this.begin(given, renewedAt, registration, slots);
    }
    return true;
  }

  /** Waits until nothing runs any more. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.tasks);
  }

  /**
   * Said before anything else is asked for, because what is not acknowledged is given again.
   *
   * @returns when the acknowledgement, which renews the lease, was sent; undefined when the lease was taken back meanwhile
   */
  private async acknowledge(workerId: string, { assignment_id, fence }: Assignment): Promise<number | undefined> {
    const { now: signal } = this.departure;
    // Each try is a request of its own: a stored answer would renew nothing.
    const acknowledge = async () => {
      const sentAt = this.clock.now();
      const request = { assignment_id, fence, request_id: this.chance.id() };
      await this.client.acknowledge(workerId, request, signal);
      return sentAt;
    };
    try {
      return await persistently(this, signal, acknowledge);
    } catch (thrown) {
      if (thrown instanceof LongshoreError && thrown.code === 'stale-fence') return undefined;
      throw thrown;
    }
  }

  private begin(assignment: Assignment, renewedAt: number, { keeper, runner }: Registration, slots: SlotPool): void {
    const slot = slots.take();
    if (!slot) return;
    this.meter.slots(slots.count, slots.count - slots.freeCount);
    const { job_id, task_id, attempt } = assignment;
    this.log.debug(`Attempt ${attempt} of task ${task_id} begins.`, { job_id, task_id, attempt, slot: slot.number });
    const lease = keeper.keep({ ...assignment, slot: slot.number }, renewedAt);
    const task = runner
      .run(assignment, slot, { lost: lease.lost, stopping: this.departure.now })
      // This machine can run nothing more; what it holds goes to others.
      .catch((thrown: unknown) => this.departure.breakDown(thrown))
      .finally(() => {
        lease.release();
        slots.giveBack(slot);
        this.meter.slots(slots.count, slots.count - slots.freeCount);
        this.tasks.delete(task);
      });
    this.tasks.add(task);
  }
}
