/** Watches whether this machine is about to be taken away, as the cloud says. */
import { messageOf, type Chance, type Clock, type Interruption, type Machine } from '@longshore/core';

export interface SpotListener {
  /** It is taken away; called once, and nothing is watched any more. */
  reclaimed: (coming: Interruption & { kind: 'reclaim' }) => void;
  /** It is likely to be taken away some time; called once. */
  rebalance: () => void;
  say: (line: string) => void;
}

/** A metadata service that fails is asked less and less often, and still often enough to see a notice of two minutes if it recovers. */
const longestPauseMs = 60_000;
/** One that is not there at all will hardly appear. */
const longestPauseAloneMs = 15 * 60_000;

export class SpotWatch {
  private failures = 0;
  private advised = false;

  /** @param pollMs AWS advises five seconds */
  constructor(
    private readonly machine: Machine,
    private readonly tools: { clock: Clock; chance: Chance },
    private readonly pollMs: number,
  ) {}

  /** Ends with a reclaim, or when the signal is aborted. */
  async run(listener: SpotListener, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pauseMs = await this.look(listener);
      if (pauseMs === undefined) return;
      await this.tools.clock.sleep(pauseMs, signal);
    }
  }

  /** @returns how long to wait before the next look; undefined when there will be none */
  private async look(listener: SpotListener): Promise<number | undefined> {
    try {
      const coming = await this.machine.interruption();
      this.failures = 0;
      if (coming?.kind === 'reclaim') {
        listener.reclaimed(coming);
        return undefined;
      }
      if (coming && !this.advised) {
        this.advised = true;
        listener.rebalance();
      }
      return this.pollMs;
    } catch (thrown) {
      this.failures += 1;
      if (this.failures === 1) listener.say(`Nobody tells whether this machine is taken away: ${messageOf(thrown)}.`);
      const longest = (thrown as { code?: string }).code === 'machine-unknown' ? longestPauseAloneMs : longestPauseMs;
      const pauseMs = this.pollMs * 2 ** Math.min(this.failures, 12);
      return Math.min(longest, pauseMs) * (0.5 + this.tools.chance.fraction());
    }
  }
}
