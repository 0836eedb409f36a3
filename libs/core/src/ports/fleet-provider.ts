/** A fleet: all workers of one kind, and more or fewer of them. */

/** What every worker of a fleet is started with. */
export interface FleetTemplate {
  /** Name or path of the plugin, as a worker is told it. */
  plugin: string;
  /** Tasks each worker works on at the same time. */
  slots: number;
  /** Settings of the worker besides, such as `LONGSHORE_URL`. Never a secret: it is kept, and shown to people. */
  environment: Readonly<Record<string, string>>;
}

/**
 * - `running`: it was started, and lives.
 * - `draining`: it was told to leave, and still lives.
 * - `gone`: it has ended, and nobody told it to.
 */
export type FleetMemberState = 'running' | 'draining' | 'gone';

/** What runs one worker: a process, a machine, a container of a cluster. */
export interface FleetMember {
  /** Known to the provider, such as a process id or `i-0abcdef1234567890`. */
  id: string;
  /** The name under which its worker registers; never given a second time within a fleet. */
  worker: string;
  state: FleetMemberState;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Where people read what it says. */
  log?: string;
}

export interface FleetDescription {
  name: string;
  /** How many were asked for last. */
  wanted: number;
  template: FleetTemplate;
  /** Those that live, oldest first, and those that are gone until the fleet is scaled again. */
  members: FleetMember[];
}

export interface FleetWish {
  /** How many shall work. Those that are draining do not count; those that are gone are replaced. */
  workers: number;
  /** Needed for a fleet that is new; may be left out for one that is known. */
  template?: FleetTemplate;
  /**
   * What becomes of those that are too many. `drain`, unless it says otherwise: they finish or hand back what they have. `now`: they end at once, and
   * so do those that are draining; their tasks come back when their leases end.
   */
  surplus?: 'drain' | 'now';
}

/**
 * Makes more or fewer workers of one kind. Called by people, through `longshore fleet`. It starts workers and knows nothing of what they do: the
 * orchestrator does, under the names that are told here.
 *
 * Every method throws LongshoreError: `access-denied`, `state-damaged`, or `machine-failed` for what may pass by itself.
 */
export abstract class FleetProvider {
  /** The fleet as it is; undefined where there never was one of this name. Changes nothing. */
  abstract describe(name: string): Promise<FleetDescription | undefined>;

  /**
   * Brings a fleet to so many workers, and returns without waiting for those that come or leave. May be repeated, also by several processes at the same time:
   * the fleet has as many workers as one of them asked for, and never the sum.
   *
   * @throws LongshoreError also `invalid-configuration` for a new fleet without a template, and for another template while workers of the old one live
   */
  abstract scale(name: string, wish: FleetWish): Promise<FleetDescription>;
}
