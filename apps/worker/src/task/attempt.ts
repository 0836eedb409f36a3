/** One attempt at a task, as everything in the worker that has to do with it knows it. */
import { pluginObject, type Location, type PluginObject } from '@longshore/core';
import { assignedLocations, type Assignment } from '@longshore/core/protocol';
import type { Passage } from './pipeline.js';
import type { StageWatch } from './stage-watch.js';

/** Each is aborted with a LongshoreError. */
export interface TaskSignals {
  /** `stale-fence`: the lease is lost. */
  lost: AbortSignal;
  /** `worker-stopped`: the worker has to go. */
  stopping: AbortSignal;
  /** `worker-stopped`: nothing more is begun; what waits for another task to end is handed back. */
  draining?: AbortSignal;
}

/** What a task and who keeps its lease tell each other. */
export interface TaskLease {
  /** Settled once the lease is known to be held, or lost. */
  readonly received: Promise<void>;
  /** The slot whose container works on it from now on; undefined for none. */
  runsIn(slot: number | undefined): void;
}

export interface Attempt {
  assignment: Assignment;
  output: Location;
  watch: StageWatch;
  passage: Passage;
  signals: TaskSignals;
  lease: TaskLease;
}

export function objectsOf(assignment: Assignment): PluginObject[] {
  const { input } = assignedLocations(assignment);
  return assignment.objects.map((object) => pluginObject(input, object));
}

/** A workspace that could not be cleared as well is the lesser trouble. */
export function firstFailure(thrown: unknown): unknown {
  return thrown instanceof SuppressedError ? firstFailure(thrown.suppressed) : thrown;
}

/** Time a worker that has to go takes for saving what it has finished, and for saying so. */
export const lastWordsMs = 5_000;
