/** Reads what this machine has: memory, processors, open files, room on its disks. */
import { constants } from 'node:fs';
import { access, readFile, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import type { EngineFacts } from '@longshore/adapters/docker';
import type { DiskFacts } from '../judge/disk.js';
import { openFilesIn, type Supply } from '../judge/machine.js';
import { nearestFolder } from './storage-probe.js';

/** @param engine whose machine may be another one, or a virtual one with less */
export function supplyOf(engine: EngineFacts | undefined): Supply {
  const [total, limited] = [totalmem(), process.constrainedMemory()];
  return {
    memory: [
      { by: 'the machine', bytes: total },
      // Zero, or more than there is, stands for no limit.
      ...(limited > 0 && limited < total ? [{ by: 'a cgroup', bytes: limited }] : []),
      ...(engine ? [{ by: 'the container engine', bytes: engine.memoryBytes }] : []),
    ],
    cpus: Math.min(availableParallelism(), engine?.cpus ?? Infinity),
  };
}

export async function openFileLimit(): Promise<number | undefined> {
  return openFilesIn(await readFile('/proc/self/limits', 'utf8').catch(() => ''));
}

/** Looks at the folder, or where it will be made. */
export async function lookAtDisk(place: Pick<DiskFacts, 'what' | 'folder' | 'setting'>): Promise<DiskFacts> {
  const folder = await nearestFolder(place.folder);
  const isWritable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  return { ...place, isWritable, freeBytes: (await freeBytesIn(folder)) ?? 0 };
}

/** @returns undefined where it is not on this machine */
export async function freeBytesIn(folder: string): Promise<number | undefined> {
  const found = await statfs(folder).catch(() => undefined);
  return found && found.bavail * found.bsize;
}
