/** A worker: one agent process; it has slots, one container each. */
export type WorkerState = 'idle' | 'processing' | 'unavailable' | 'shutting-down';

export interface Worker {
  id: string;
  hostname: string;
  capabilities: string[];
  /** The plugin it was started with; absent for a worker that takes what it is given. */
  plugin?: string;
  slots: number;
  /** It came in without a token and goes on without one; only where the operator allows it. */
  legacy?: true;
  state: WorkerState;
  registeredAt: number;
  lastSeenAt: number;
}
