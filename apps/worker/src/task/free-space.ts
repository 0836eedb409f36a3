/** How much room the disk of the workspaces has. */
import { statfs } from 'node:fs/promises';
import { formatBytes, LongshoreError } from '@longshore/core';

/** Enough for the engine, the logs and the next start of this worker. */
export const usuallyKeptFree = 256 * 1024 ** 2;

/** What ordinary users may still write; the rest is root's, who has better uses for it. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** @throws LongshoreError `disk-full` unless this many bytes fit and some stay free */
export async function assertRoom(folder: string, bytes: number, keepFreeBytes: number): Promise<void> {
  const free = await freeBytes(folder);
  if (free - keepFreeBytes >= bytes) return;
  throw diskFull(
    `The inputs take ${formatBytes(bytes)}, and the disk of the workspaces has ${formatBytes(free)} left, of which ${formatBytes(keepFreeBytes)} stay free.`,
  );
}

export function diskFull(message: string): LongshoreError {
  return new LongshoreError('disk-full', message, {
    remedy: 'Make room on that machine, or name a larger folder with LONGSHORE_WORK.',
  });
}
