/** The machine this process runs on, as the cloud that lends it sees it. */

export interface MachineIdentity {
  /** Such as `i-0abcdef1234567890`. */
  instanceId: string;
  /** Such as `m5.large`. */
  type: string;
  /** Such as `us-east-1a`. */
  zone: string;
  region: string;
  /** Absent where nobody outside the cloud's network reaches it. */
  publicAddress?: string;
  privateAddress?: string;
}

/**
 * What the cloud says is coming.
 *
 * - `reclaim`: the machine is taken away; nobody can stop it.
 * - `rebalance`: it is likely to be taken away some time; there is time to finish.
 */
export type Interruption =
  { kind: 'reclaim'; action: 'terminate' | 'stop' | 'hibernate'; inMs: number } | { kind: 'rebalance' };

/** Every method throws LongshoreError: `machine-unknown` where no cloud answers, `access-denied`, or `machine-failed` for what may pass by itself. */
export abstract class Machine {
  /** Who this machine is; undefined where no cloud answers. */
  abstract identity(): Promise<MachineIdentity | undefined>;

  /** What is coming now; undefined while nothing is. A reclaim goes before a rebalance. */
  abstract interruption(): Promise<Interruption | undefined>;

  /**
   * Ends this machine and no other: its id is asked of the cloud, never given.
   *
   * @returns once the cloud has taken the order; the machine lives on for some seconds
   * @throws LongshoreError also `invalid-configuration` where it cannot be ended in this way at all
   */
  abstract end(how: 'stop' | 'terminate'): Promise<void>;
}
