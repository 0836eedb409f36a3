/** Judges the room on the disks of workspaces and state. */
import { formatBytes } from '@longshore/core';
import { finding, type Finding } from '../finding.js';

export interface DiskFacts {
  /** What lies there, such as `workspaces`. */
  what: string;
  folder: string;
  freeBytes: number;
  isWritable: boolean;
  /** The variable that names another folder. */
  setting: string;
}

export interface DiskNeed {
  bytes: number;
  /** Why so much, as the end of a sentence. */
  why: string;
}

export function judgeDisk({ what, folder, freeBytes, isWritable, setting }: DiskFacts, need: DiskNeed): Finding {
  const values = { setting };
  if (!isWritable) return finding('disk-denied', 'disk', `This user may not write to ${folder} (${what}).`, values);
  const free = `${formatBytes(freeBytes)} free for ${what} in ${folder}`;
  const wants = `${formatBytes(need.bytes)} ${need.why}`;
  if (freeBytes < need.bytes) return finding('disk-full', 'disk', `${free}, and it takes ${wants}.`, values);
  if (freeBytes < 2 * need.bytes) return finding('disk-low', 'disk', `${free}, and it takes ${wants}.`, values);
  return finding('disk-ok', 'disk', `${free}.`);
}

export interface InputSizes {
  /** Of the objects that were looked at. */
  sizes: readonly number[];
  maxObjects: number;
  maxBytes?: number | undefined;
}

/** Outputs are taken to be as large as inputs: nobody knows them before they are made. */
export function workspaceNeed(keptFree: number, slots: number, input: InputSizes | undefined): DiskNeed {
  const largest = [...(input?.sizes ?? [])].sort((one, other) => other - one).slice(0, input?.maxObjects ?? 0);
  const together = largest.reduce((sum, bytes) => sum + bytes, 0);
  // An object that is larger than a task may be is a task of its own.
  const task = Math.max(largest[0] ?? 0, Math.min(together, input?.maxBytes ?? Infinity));
  if (task === 0) return { bytes: keptFree, why: 'that stay free' };
  const why = `for ${slots} of the largest tasks, as large as the objects listed first make them, with outputs of the same size`;
  return { bytes: keptFree + 2 * task * slots, why };
}
