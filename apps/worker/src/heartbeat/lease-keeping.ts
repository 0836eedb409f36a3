/** What keeps the leases of a worker, in whatever thread it runs. */
import type { LongshoreError } from '@longshore/core';
import type { Assignment } from '@longshore/core/protocol';

/** What has to be known of an assignment to renew its lease. */
export type LeaseToKeep = Pick<Assignment, 'assignment_id' | 'task_id' | 'fence' | 'lease_seconds'>;

export interface KeptLease {
  /** Aborted, with a LongshoreError as reason, once the lease is no longer held. */
  readonly lost: AbortSignal;
  /** The slot whose container works on it from now on; undefined for none. */
  runsIn(slot: number | undefined): void;
  /** Ends the renewals. */
  release(): void;
}

export interface LeaseKeeping {
  /** @param from when the request that last renewed the lease was sent */
  keep(lease: LeaseToKeep, from: number): KeptLease;
  /** Ends the renewals; what is still held is lost with them. */
  stop(): Promise<void>;
}

export interface HeartbeatIdentity {
  workerId: string;
  heartbeatMs: number;
}

export interface HeartbeatListener {
  warn: (line: string) => void;
  /** The orchestrator wants this worker to take no more. */
  drain: () => void;
  /** The heartbeat has ended by itself: nothing is renewed any more, and the worker cannot work. */
  broke: (error: LongshoreError) => void;
}

/** Begins the heartbeat of a worker that has just registered; the class is its injection token. */
export abstract class Heartbeats {
  abstract begin(identity: HeartbeatIdentity, listener: HeartbeatListener): LeaseKeeping;
}
