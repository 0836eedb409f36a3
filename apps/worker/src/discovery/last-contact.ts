/** Gives up when no orchestrator was heard of for a long time, so that no machine is paid for that waits in vain. */
import { LongshoreError, type Clock } from '@longshore/core';
import type { Address, AddressWatcher } from '../client/address.js';

export class LastContact implements AddressWatcher {
  private heardAt: number;

  /** @param patienceMs undefined waits for ever */
  constructor(
    address: Address,
    private readonly clock: Clock,
    private readonly patienceMs: number | undefined,
  ) {
    this.heardAt = clock.now();
    address.watch(this);
  }

  reached(): void {
    this.heardAt = this.clock.now();
  }

  /** Calls `giveUp` once, when the time is over; ends without it when the signal is aborted. */
  async watch(giveUp: (why: LongshoreError) => void, signal: AbortSignal): Promise<void> {
    const { clock, patienceMs } = this;
    if (patienceMs === undefined) return;
    for (;;) {
      const leftMs = this.heardAt + patienceMs - clock.now();
      if (signal.aborted) return;
      if (leftMs <= 0) return giveUp(unheardFor(patienceMs));
      await clock.sleep(leftMs, signal);
    }
  }
}

function unheardFor(ms: number): LongshoreError {
  const minutes = Math.round(ms / 6_000) / 10;
  return new LongshoreError('orchestrator-unreachable', `No orchestrator was heard of for ${minutes} minutes.`, {
    remedy: 'Look whether it runs and leaves its address; LONGSHORE_GIVE_UP_MINUTES says how long a worker waits.',
  });
}
