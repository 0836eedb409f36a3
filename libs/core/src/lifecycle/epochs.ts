/** Fences across restored backups: what was issued after the backup is not known any more, and must never be issued again. */

/** Each restore begins an epoch, whose fences begin at this times its number: far more than anybody leases one task. */
export const fencesPerEpoch = 1_000_000;

/** The task as it is to be leased in this epoch: its next fence is higher than any issued in an epoch before. */
export function inEpoch<T extends { fence: number }>(task: T, epoch: number): T {
  return { ...task, fence: Math.max(task.fence, epoch * fencesPerEpoch) };
}
