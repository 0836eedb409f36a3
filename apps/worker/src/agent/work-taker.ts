/** Takes as much work as the slots have use for, and begins it. */
import { Injectable, Logger } from '@nestjs/common';
import { Chance, Clock, LongshoreError } from '@longshore/core';
import type { Assignment } from '@longshore/core/protocol';
import { OrchestratorClient } from '../client/orchestrator-client.js';
import { persistently } from '../client/persistence.js';
import { WorkerMeter } from '../metrics/worker-meter.js';
import type { SlotPool } from '../slots/slot-pool.js';
import type { Passage } from '../task/pipeline.js';
import { Departure } from './departure.js';
import type { Registration } from './registrar.js';
import { TakenLease } from './taken-lease.js';

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
    const { workerId, overlap } = registration;
    const { noMore } = this.departure;
    await slots.opening(overlap, noMore);
    this.meter.slots(slots.count, slots.busyCount);
    const ask = () => this.client.ask(workerId, waitSeconds, slots.openings(overlap), noMore);
    const { assignment, assignments = [] } = await persistently(this, noMore, ask, (trouble) =>
      this.log.warn(trouble.sentence, { worker_id: workerId, code: trouble.code }),
    );
    if (assignment && 'shutdown' in assignment) {
      this.log.log(assignment.message, { worker_id: workerId });
      return false;
    }
    for (const given of assignments) await this.take(given, registration, slots);
    return true;
  }

  /** Waits until nothing runs any more. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.tasks);
  }

  private async take(given: Assignment, registration: Registration, slots: SlotPool): Promise<void> {
    const passage = slots.enter(registration.overlap);
    // It is not acknowledged, and so it is given again.
    if (!passage) return;
    const acknowledged = this.acknowledge(registration.workerId, given, passage.isAhead);
    const { keeper } = registration;
    const lease = new TakenLease(acknowledged, (renewedAt) => keeper.keep(given, renewedAt));
    this.begin(given, lease, registration, passage, slots);
    await acknowledged;
  }

  /**
   * Said before anything else is asked for, because what is not acknowledged is given again.
   *
   * @returns when the acknowledgement, which renews the lease, was sent; undefined when the lease was taken back meanwhile
   */
  private async acknowledge(
    workerId: string,
    { assignment_id, fence }: Assignment,
    waits: boolean,
  ): Promise<number | undefined> {
    const { now: signal } = this.departure;
    // Each try is a request of its own: a stored answer would renew nothing.
    const acknowledge = async () => {
      const sentAt = this.clock.now();
      const request = { assignment_id, fence, request_id: this.chance.id() };
      if (waits) await this.client.report(workerId, { ...request, status: 'waiting' }, signal);
      else await this.client.acknowledge(workerId, request, signal);
      return sentAt;
    };
    try {
      return await persistently(this, signal, acknowledge);
    } catch (thrown) {
      if (thrown instanceof LongshoreError && thrown.code === 'stale-fence') return undefined;
      throw thrown;
    }
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
        this.meter.slots(slots.count, slots.busyCount);
        this.tasks.delete(task);
      });
    this.tasks.add(task);
  }
}
