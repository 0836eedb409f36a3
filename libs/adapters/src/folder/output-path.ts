/** Where an output comes to lie: below the root, whatever its name says and whatever lies there already. */
import type { Stats } from 'node:fs';
import { lstat, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LongshoreError } from '@longshore/core';

/**
 * Makes sure that only folders lie where folders are needed, and no folder where the file is to be. A folder that is a link is refused,
 * because it may lead out of the root.
 *
 * @throws LongshoreError `output-collision`
 */
export async function refuseCollision(root: string, key: string): Promise<void> {
  const parts = key.split('/');
  for (let depth = 1; depth < parts.length; depth += 1) {
    const path = join(root, ...parts.slice(0, depth));
    const found = await lstatIfThere(path);
    if (!found) return;
    if (!found.isDirectory()) throw collision(key, `${path} is ${kindOf(found)} where a folder is needed`);
  }
  const path = join(root, key);
  if ((await lstatIfThere(path))?.isDirectory()) throw collision(key, `${path} is a folder`);
}

/** Makes the folder of a file. Gives the highest folder that changed by it. */
export async function makeFolderOf(path: string): Promise<string> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true });
  return made === undefined ? folder : dirname(made);
}

/** A name is on disk once the folder that holds it is; syncs a folder and those above it, up to one of them. */
export async function syncFolders(lowest: string, highest: string): Promise<void> {
  for (let path = lowest; path.length >= highest.length; path = dirname(path)) {
    await using folder = await open(path, 'r');
    await folder.sync();
    if (path === dirname(path)) return;
  }
}

export async function lstatIfThere(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR') return undefined;
    throw thrown;
  });
}

function kindOf(found: Stats): string {
  if (found.isSymbolicLink()) return 'a link';
  return found.isFile() ? 'a file' : 'something else';
}

function collision(key: string, why: string): LongshoreError {
  return new LongshoreError('output-collision', `The output "${key}" has no place: ${why}.`, {
    remedy: 'Move it away, or name an empty folder for the output.',
  });
}
