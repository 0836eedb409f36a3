/** A worker: one agent process; it has slots, one container each. */
export type WorkerState = 'idle' | 'processing' | 'unavailable' | 'shutting-down';

export interface Worker {
  id: string;
  hostname: string;
  capabilities: string[];
  /** The plugin it was started with; absent for a worker that takes what it is given. */
  plugin?: string;
  slots: number;
  /** The version of the worker protocol it speaks; absent for the one of the original system. */
  protocol?: number;
  /** It came in without a token and goes on without one; only where the operator allows it. */
  legacy?: true;
  state: WorkerState;
  registeredAt: number;
  lastSeenAt: number;
  /** The last status it sent that means nothing here, as a worker of the original system may. */
  statusText?: string;
}

/** True for a worker that knows neither fences nor heartbeats nor manifests, and is believed without them. */
export function isLegacy({ legacy, protocol }: Pick<Worker, 'legacy' | 'protocol'>): boolean {
  return legacy === true && protocol === undefined;
}
