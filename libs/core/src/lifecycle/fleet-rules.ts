/** Decides who of a fleet stays, who leaves and how many come. */
import { LongshoreError } from '../errors/longshore-error.js';
import type { FleetDescription, FleetMember, FleetTemplate, FleetWish } from '../ports/fleet-provider.js';

export interface FleetChange {
  template: FleetTemplate;
  start: number;
  /** The youngest go first, because they have the least to lose. */
  drain: FleetMember[];
  end: FleetMember[];
}

/**
 * @param fleet as it is; undefined for a new one
 * @throws LongshoreError `invalid-configuration`
 */
export function fleetChange(name: string, fleet: FleetDescription | undefined, wish: FleetWish): FleetChange {
  const members = fleet?.members ?? [];
  const running = members.filter(({ state }) => state === 'running');
  const draining = members.filter(({ state }) => state === 'draining');
  const template = templateOf(name, fleet, wish);
  const surplus = [...running].reverse().slice(0, Math.max(0, running.length - wish.workers));
  const isNow = wish.surplus === 'now';
  return {
    template,
    start: Math.max(0, wish.workers - running.length),
    drain: isNow ? [] : surplus,
    end: isNow ? [...surplus, ...draining] : [],
  };
}

function templateOf(name: string, fleet: FleetDescription | undefined, { template }: FleetWish): FleetTemplate {
  if (template === undefined && fleet === undefined) {
    throw new LongshoreError(
      'invalid-configuration',
      `There is no fleet "${name}" yet, and nothing says what it runs.`,
      {
        remedy: 'Name a plugin.',
      },
    );
  }
  if (template === undefined || fleet === undefined) return (template ?? fleet?.template)!;
  const isAlive = fleet.members.some(({ state }) => state !== 'gone');
  if (!isAlive || sameTemplate(template, fleet.template)) return template;
  throw new LongshoreError(
    'invalid-configuration',
    `Workers of the fleet "${name}" live, and were started with other settings (${differences(template, fleet.template).join(', ')}).`,
    { remedy: 'Take the fleet down first, or give the new one another name.' },
  );
}

function sameTemplate(one: FleetTemplate, other: FleetTemplate): boolean {
  return differences(one, other).length === 0;
}

function differences(one: FleetTemplate, other: FleetTemplate): string[] {
  const [these, those] = [flat(one), flat(other)];
  const names = [...new Set([...Object.keys(these), ...Object.keys(those)])];
  return names.filter((name) => these[name] !== those[name]);
}

function flat({ plugin, slots, environment }: FleetTemplate): Record<string, string> {
  return { plugin, slots: String(slots), ...environment };
}
