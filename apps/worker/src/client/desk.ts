/** Where the slots of a worker hand in what they have to say to the orchestrator, and get work; how it travels is the desk's to decide. */
import type { Chance, Clock, LongshoreError } from '@longshore/core';
import type { Assignment, HeldAssignment, StatusAnswer, TurnReport } from '@longshore/core/protocol';
import type { OrchestratorClient } from './orchestrator-client.js';

/** A wait for work, well below what proxies cut off. */
export const waitSeconds = 20;

export interface Wish {
  /** Most tasks that are wanted. */
  max: number;
  /** What the worker works on meanwhile, as it is when the wish is sent. */
  held: () => HeldAssignment[];
}

export interface Given {
  /** Nothing, where the wait was in vain. */
  assignments: Assignment[];
  /** Why the worker should end, where it should. */
  shutdown?: string | undefined;
  /** Assignments that it holds no more. */
  cancelled: string[];
}

export interface DeskTools {
  client: OrchestratorClient;
  clock: Clock;
  chance: Chance;
  workerId: string;
  /** Told when nobody answers, at the first try and at every tenth after it. */
  onTrouble: (trouble: LongshoreError) => void;
  /** The orchestrator wants this worker to take no more. */
  drain: () => void;
}

/** What is lost on the way is said again until it is answered, or until nobody waits for the answer any more. */
export abstract class Desk {
  /**
   * Waits for work; what is reported meanwhile does not wait with it. Asked by one at a time. What is acknowledged, or about to be, is not given
   * again.
   *
   * @throws LongshoreError `worker-unknown`, `not-authenticated`, `token-revoked`, ...; the reason of the signal
   */
  abstract take(wish: Wish, signal: AbortSignal): Promise<Given>;

  /**
   * Says that an assignment was received, which renews its lease.
   *
   * @param waits whether it waits here for another task to end
   * @returns a time at or before the renewal: the lease lasts from then on at least
   * @throws LongshoreError `stale-fence` when it is held no more; the reason of the signal
   */
  abstract acknowledge(held: HeldAssignment, waits: boolean, signal: AbortSignal): Promise<number>;

  /** @throws LongshoreError what the orchestrator refuses it with; the reason of the signal */
  abstract report(report: TurnReport, signal: AbortSignal): Promise<StatusAnswer>;
}
