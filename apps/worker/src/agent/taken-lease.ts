/** The lease of a task whose acknowledgement is under way: its inputs are fetched meanwhile, and nothing runs before it is known to be held. */
import { LongshoreError } from '@longshore/core';
import type { HeldAssignment } from '@longshore/core/protocol';
import type { KeptLease } from '../heartbeat/lease-keeping.js';
import type { TaskLease } from '../task/attempt.js';

export class TakenLease implements TaskLease {
  readonly received: Promise<void>;
  private readonly gone = new AbortController();
  private kept: KeptLease | undefined;
  private isReleased = false;

  /**
   * @param acknowledged when the request was sent that renewed it; undefined where somebody else has it
   * @param keep renews it from then on
   */
  constructor(
    readonly assignment: HeldAssignment,
    acknowledged: Promise<number | undefined>,
    keep: (renewedAt: number) => KeptLease,
  ) {
    const lose = () => this.lose('The task could not be acknowledged.');
    this.received = acknowledged.then((renewedAt) => {
      if (renewedAt === undefined) return lose();
      if (!this.isReleased) this.follow(keep(renewedAt));
    }, lose);
  }

  get lost(): AbortSignal {
    return this.gone.signal;
  }

  runsIn(slot: number | undefined): void {
    this.kept?.runsIn(slot);
  }

  /** Somebody else has it, or may have it. */
  lose(why: string): void {
    this.gone.abort(new LongshoreError('stale-fence', why));
  }

  release(): void {
    this.isReleased = true;
    this.kept?.release();
  }

  private follow(kept: KeptLease): void {
    this.kept = kept;
    const lose = () => this.gone.abort(kept.lost.reason);
    if (kept.lost.aborted) lose();
    else kept.lost.addEventListener('abort', lose, { once: true });
  }
}
