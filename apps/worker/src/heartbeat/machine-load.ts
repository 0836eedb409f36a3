/** How busy the machine of this worker is, as its heartbeats tell people. */
import { statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';

/** As they travel; a worker says what it knows. */
export interface MachineStats {
  /** Share of all processor cores that was in use since the last reading, 0 to 1. */
  cpu?: number;
  memory_bytes?: number;
  memory_total_bytes?: number;
  /** On the disk of the workspaces. */
  disk_free_bytes?: number;
}

export class MachineLoad {
  private before = spent();
  private diskFreeBytes: number | undefined;
  private isLooking = false;

  /** @param folder of the workspaces */
  constructor(private readonly folder: string) {}

  /** At once and without fail: leases hang on the heartbeat that this goes with. */
  read(): MachineStats {
    const [{ busy, all }, total] = [spent(), totalmem()];
    const passed = all - this.before.all;
    const cpu = passed > 0 ? Math.round((100 * (busy - this.before.busy)) / passed) / 100 : undefined;
    this.before = { busy, all };
    this.lookAtDisk();
    return {
      ...(cpu !== undefined && { cpu: Math.min(1, Math.max(0, cpu)) }),
      memory_bytes: total - freemem(),
      memory_total_bytes: total,
      ...(this.diskFreeBytes !== undefined && { disk_free_bytes: this.diskFreeBytes }),
    };
  }

  /** A disk on the network may not answer; nobody waits for it, and the next heartbeat tells what it said. */
  private lookAtDisk(): void {
    if (this.isLooking) return;
    this.isLooking = true;
    statfs(this.folder)
      .then(({ bavail, bsize }) => (this.diskFreeBytes = bavail * bsize))
      .catch(() => (this.diskFreeBytes = undefined))
      .finally(() => (this.isLooking = false));
  }
}

/** Processor time of all cores since the machine started, in milliseconds. */
function spent(): { busy: number; all: number } {
  let [busy, all] = [0, 0];
  for (const { times } of cpus()) {
    const used = times.user + times.nice + times.sys + times.irq;
    busy += used;
    all += used + times.idle;
  }
  return { busy, all };
}
