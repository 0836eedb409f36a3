/** How many requests go to a bucket at the same time: half as many whenever it asks for patience, and slowly more again. */
import { Quota } from './quota.js';

const mostAtOnce = 64;
const atFirst = 32;

/** A request that is under way. */
export interface Turn {
  number: number;
  /** Lets the next one begin; may be called again. */
  leave: () => void;
}

export class Pace {
  private limit: number;
  private readonly quota: Quota;
  private begun = 0;
  /** Requests up to this one were under way when the pace was cut last; what they say is known already. */
  private cutAt = 0;

  constructor(private readonly most = mostAtOnce) {
    this.limit = Math.min(atFirst, most);
    this.quota = new Quota(this.limit);
  }

  get atOnce(): number {
    return Math.floor(this.limit);
  }

  async enter(signal?: AbortSignal): Promise<Turn> {
    let giveBack: (() => void) | undefined = await this.quota.take(1, signal);
    this.begun += 1;
    const leave = () => {
      giveBack?.();
      giveBack = undefined;
    };
    return { number: this.begun, leave };
  }

  /** One more at a time for every round in which all went well. */
  succeeded(): void {
    this.change(Math.min(this.most, this.limit + 1 / this.limit));
  }

  /** A storm of refusals that were under way together is one refusal. */
  slowedDown({ number }: Turn): void {
    if (number <= this.cutAt) return;
    this.cutAt = this.begun;
    this.change(Math.max(1, this.limit / 2));
  }

  private change(limit: number): void {
    const before = this.atOnce;
    this.limit = limit;
    if (this.atOnce !== before) this.quota.resize(this.atOnce);
  }
}
