/** Renews the leases of this worker, and says when one is lost, so that its container is stopped before somebody else starts. */
import { LongshoreError, messageOf, type Chance, type Clock } from '@longshore/core';
import type { OrchestratorClient } from '../client/orchestrator-client.js';
import { isForeign } from '../client/persistence.js';
import type { MachineLoad } from './machine-load.js';
import type { HeartbeatIdentity, KeptLease, LeaseKeeping, LeaseToKeep } from './lease-keeping.js';

interface HeldLease {
  assignment: LeaseToKeep;
  /** By this process's own clock, counted from when the last successful renewal was sent. */
  endsAt: number;
  lost: AbortController;
  /** Aborted when nobody has to watch the lease any more. */
  over: AbortController;
}

export interface KeeperTools {
  client: OrchestratorClient;
  clock: Clock;
  chance: Chance;
  load: Pick<MachineLoad, 'read'>;
}

/** Part of the lease time kept for stopping a container: the lease counts as lost that much before its end. */
export const margin = 0.15;

/** An idle worker tells of its machine no more often than this: of a thousand idle ones, 70 requests a second arrive. */
const idleMs = 15_000;

export class LeaseKeeper implements LeaseKeeping {
  private readonly held = new Map<string, HeldLease>();
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;
  private beatAt = -Infinity;

  constructor(
    private readonly tools: KeeperTools,
    private readonly identity: HeartbeatIdentity,
    private readonly warn: (line: string) => void,
    private readonly drain: () => void = () => undefined,
  ) {}

  start(): void {
    this.loop ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    for (const lease of [...this.held.values()]) this.lose(lease, 'nobody renews it any more');
    await this.loop;
  }

  keep(assignment: LeaseToKeep, from: number): KeptLease {
    const endsAt = this.endOf(assignment, from);
    const lease: HeldLease = { assignment, endsAt, lost: new AbortController(), over: new AbortController() };
    this.held.set(assignment.assignment_id, lease);
    void this.watch(lease);
    // It stops no container itself.
    return { lost: lease.lost.signal, runsIn: () => undefined, release: () => this.drop(lease) };
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.tools.clock.sleep(this.identity.heartbeatMs, signal);
      // An idle worker has nothing to renew but its token, and people look at its machine.
      const { client, clock } = this.tools;
      const isDue = this.held.size > 0 || client.credentials.isOld || clock.now() - this.beatAt >= idleMs;
      if (!signal.aborted && isDue) await this.beat();
    }
  }

  private async beat(): Promise<void> {
    const sentAt = this.tools.clock.now();
    this.beatAt = sentAt;
    const leases = [...this.held.values()];
    try {
      const assignments = leases.map(({ assignment: { assignment_id, fence } }) => ({ assignment_id, fence }));
      const stats = { ...this.tools.load.read() };
      const request = { assignments, stats, request_id: this.tools.chance.id() };
      const { orders, drain } = await this.tools.client.heartbeat(this.identity.workerId, request, this.patienceMs);
      if (drain) this.drain();
      const cancelled = new Set(orders.map((order) => order.assignment_id));
      for (const lease of leases) {
        if (cancelled.has(lease.assignment.assignment_id)) this.lose(lease, 'the orchestrator has taken it back');
        else lease.endsAt = this.endOf(lease.assignment, sentAt);
      }
    } catch (thrown) {
      if (isForeign(thrown)) {
        for (const lease of leases) this.lose(lease, 'the orchestrator does not know this worker any more');
      } else if (leases.length > 0) {
        this.warn(`Leases could not be renewed: ${messageOf(thrown)}.`);
      }
    }
  }

  /** A heartbeat that hangs must not keep the next one from being sent in time. */
  private get patienceMs(): number {
    return Math.max(1_000, this.identity.heartbeatMs * 2);
  }

  /** Runs beside the renewals, so that a renewal that hangs does not hide the end of a lease. */
  private async watch(lease: HeldLease): Promise<void> {
    while (!lease.over.signal.aborted) {
      const leftMs = lease.endsAt - this.tools.clock.now();
      if (leftMs <= 0) return this.lose(lease, 'it could not be renewed in time');
      await this.tools.clock.sleep(leftMs, lease.over.signal);
    }
  }

  private lose(lease: HeldLease, why: string): void {
    this.drop(lease);
    const { task_id } = lease.assignment;
    lease.lost.abort(new LongshoreError('stale-fence', `The lease of task ${task_id} is lost: ${why}.`));
  }

  private drop(lease: HeldLease): void {
    lease.over.abort();
    this.held.delete(lease.assignment.assignment_id);
  }

  private endOf(assignment: LeaseToKeep, from: number): number {
    return from + assignment.lease_seconds * 1000 * (1 - margin);
  }
}
