/** A worker: one agent process; it has slots, one container each. */
export const workerStates = ['idle', 'processing', 'unavailable', 'shutting-down'] as const;
export type WorkerState = (typeof workerStates)[number];

/** What a worker told of its machine with its last heartbeat. */
export interface WorkerStats {
  /** Share of all its processor cores that is in use, 0 to 1. */
  cpu?: number;
  memoryBytes?: number;
  memoryTotalBytes?: number;
  /** Free on the disk of its workspaces. */
  diskFreeBytes?: number;
}

/** What a worker runs on, as far as it found out. */
export interface WorkerInstance {
  /** The worker's own name, unique on its machine. */
  name?: string;
  /** Such as `i-0abcdef1234567890`; with type, zone and region only on a machine of a cloud. */
  id?: string;
  type?: string;
  zone?: string;
  region?: string;
  cpus?: number;
  memoryBytes?: number;
  gpus?: number;
  /** What the GPUs are, such as `Tesla T4`. */
  gpu?: string;
}

export interface Worker {
  id: string;
  hostname: string;
  capabilities: string[];
  /** The plugin it was started with; absent for a worker that takes what it is given. */
  plugin?: string;
  slots: number;
  /** The version of the worker protocol it speaks; absent for the one of the original system. */
  protocol?: number;
  instance?: WorkerInstance;
  /** The digest of the image it runs, as `sha256:...`; absent for a worker that does not say it. */
  imageDigest?: string;
  /** It came in without a token and goes on without one; only where the operator allows it. */
  legacy?: true;
  state: WorkerState;
  registeredAt: number;
  lastSeenAt: number;
  /** The last status it sent that means nothing here, as a worker of the original system may. */
  statusText?: string;
  /** Why it left, once it has. */
  farewell?: string;
  /** Set once somebody has told it to drain; it hears of it with its next heartbeat. */
  draining?: true;
  stats?: WorkerStats;
}

/** True for a worker that knows neither fences nor heartbeats nor manifests, and is believed without them. */
export function isLegacy({ legacy, protocol }: Pick<Worker, 'legacy' | 'protocol'>): boolean {
  return legacy === true && protocol === undefined;
}
