/** One file of a folder as an object: its size, and a mark that changes with its content. */
import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectRef } from '@longshore/core';
import { lstatIfThere } from './output-path.js';

/** Undefined when it is gone since its folder was read, or is a link to something that is no file. */
export async function objectAt(root: string, key: string): Promise<ObjectRef | undefined> {
  const path = join(root, key);
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  if (stats) return stats.isFile() ? { key, sizeBytes: Number(stats.size), etag: etagOf(stats) } : undefined;
  // A name that is not valid UTF-8 cannot be asked for; it is kept, and refused by name.
  const isThere = key.includes('\uFFFD') || (await lstatIfThere(path).catch(() => true));
  return isThere ? { key, sizeBytes: 0, etag: '' } : undefined;
}

/** Two writes that keep the size look alike within one tick of the kernel's clock, which is up to 10 ms. */
export function etagOf(stats: BigIntStats): string {
  return `${stats.size}-${stats.mtimeNs}-${stats.ino}`;
}
