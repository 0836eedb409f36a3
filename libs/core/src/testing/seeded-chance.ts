/** Chance that repeats itself: the same seed gives the same numbers and names. */
import { Chance } from '../ports/chance.js';

export class SeededChance extends Chance {
  private state: number;
  private names = 0;

  constructor(private readonly seed = 1) {
    super();
    this.state = seed >>> 0;
  }

  /** Mulberry32: 32 bits of state, and even enough for tests. */
  fraction(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  id(): string {
    this.names += 1;
    return `${this.seed}-${this.names}`;
  }
}
