/** A fleet of workers that exist on paper alone, and end when a test says so. */
import { fleetChange } from '../lifecycle/fleet-rules.js';
import { FleetProvider, type FleetDescription, type FleetMember, type FleetWish } from '../ports/fleet-provider.js';

export class ScriptedFleetProvider extends FleetProvider {
  /** Everything that was started and ended, in order, such as `start nuclei-1`. */
  readonly history: string[] = [];
  private readonly fleets = new Map<string, FleetDescription>();
  private numbers = 0;

  async describe(name: string): Promise<FleetDescription | undefined> {
    return structuredClone(this.fleets.get(name));
  }

  async scale(name: string, wish: FleetWish): Promise<FleetDescription> {
    const before = this.fleets.get(name);
    const { template, start, drain, end } = fleetChange(name, before, wish);
    const ended = new Set(end.map(({ id }) => id));
    const drained = new Set(drain.map(({ id }) => id));
    const stay = (before?.members ?? [])
      .filter(({ id, state }) => state !== 'gone' && !ended.has(id))
      .map((member): FleetMember => (drained.has(member.id) ? { ...member, state: 'draining' } : member));
    for (const { worker } of drain) this.history.push(`drain ${worker}`);
    for (const { worker } of end) this.history.push(`end ${worker}`);
    const come = Array.from({ length: start }, () => this.start(name));
    const after = { name, wanted: wish.workers, template, members: [...stay, ...come] };
    this.fleets.set(name, after);
    return structuredClone(after);
  }

  /** It ends: one that is draining has left, any other one is gone. */
  end(id: string): void {
    for (const fleet of this.fleets.values()) {
      fleet.members = fleet.members
        .filter((member) => member.id !== id || member.state !== 'draining')
        .map((member) => (member.id === id ? { ...member, state: 'gone' } : member));
    }
  }

  private start(name: string): FleetMember {
    this.numbers += 1;
    const worker = `${name}-${this.numbers}`;
    this.history.push(`start ${worker}`);
    return { id: String(this.numbers), worker, state: 'running', startedAt: this.numbers };
  }
}
