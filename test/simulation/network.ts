/** A network that loses requests and answers, sends them twice, late, or not at all. */
import { LongshoreError, type Chance } from '@longshore/core';
import type { ManualClock } from '@longshore/core/testing';
import type { SimulatedOrchestrator } from './orchestrator.js';

type Deliver<T> = (orchestrator: SimulatedOrchestrator) => Promise<T>;

export class SimulatedNetwork {
  /** Share of the requests that meet an accident. */
  trouble = 0;
  /** Names of the workers nobody can reach. */
  readonly cut = new Set<string>();
  orchestrator: SimulatedOrchestrator | undefined;

  constructor(
    private readonly clock: ManualClock,
    private readonly chance: Chance,
  ) {}

  /** @param withinMs when the caller gives up */
  async request<T>(from: string, withinMs: number, deliver: Deliver<T>): Promise<T> {
    await this.delay();
    const { orchestrator } = this;
    if (!orchestrator?.listens || orchestrator.life.dead) return this.lost(0);
    if (this.cut.has(from) || this.accident()) return this.lost(withinMs);
    if (this.accident()) void this.again(orchestrator, deliver);
    const answer = await Promise.race([settled(deliver(orchestrator)), orchestrator.life.ended]);
    if (!answer) return this.lost(0);
    if (this.cut.has(from) || this.accident()) return this.lost(withinMs);
    await this.delay();
    return answer();
  }

  private async again<T>(orchestrator: SimulatedOrchestrator, deliver: Deliver<T>): Promise<void> {
    await this.clock.sleep(this.chance.fraction() * 10_000);
    if (!orchestrator.life.dead) await deliver(orchestrator).catch(() => undefined);
  }

  private async lost(withinMs: number): Promise<never> {
    await this.clock.sleep(withinMs);
    throw new LongshoreError('orchestrator-unreachable', 'No answer came.');
  }

  private delay(): Promise<void> {
    return this.clock.sleep(1 + this.chance.fraction() * 20);
  }

  private accident(): boolean {
    return this.chance.fraction() < this.trouble;
  }
}

/** What travels is text: nobody can change what the other side holds. */
export function overTheWire<T>(message: T): T {
  return JSON.parse(JSON.stringify(message)) as T;
}

async function settled<T>(answer: Promise<T>): Promise<() => T> {
  try {
    const value = overTheWire(await answer);
    return () => value;
  } catch (thrown) {
    return () => {
      throw thrown;
    };
  }
}
