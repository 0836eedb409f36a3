/** Workers that wait for work: those that could begin at once, and those that would only fetch ahead. */
import type { Machine } from './machine.js';

export class WaitingRoom {
  private readonly idle = new Set<Machine>();
  private readonly busy = new Set<Machine>();

  get size(): number {
    return this.idle.size + this.busy.size;
  }

  /** Who has waited longest with nothing to do. */
  get firstIdle(): Machine | undefined {
    const [first] = this.idle;
    return first;
  }

  /** Whoever gets what has come back. */
  get first(): Machine | undefined {
    const [first] = this.busy;
    return this.firstIdle ?? first;
  }

  enter(machine: Machine): void {
    this.leave(machine);
    (machine.couldBegin ? this.idle : this.busy).add(machine);
  }

  leave(machine: Machine): void {
    this.idle.delete(machine);
    this.busy.delete(machine);
  }
}
