/** Removes what a container left: any owner, folders without permissions, and trees deeper than any path reaches. */
import { randomUUID } from 'node:crypto';
import { lstat, rmdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { eachEntry } from './each-entry.js';
import { moveOne } from './move-entries.js';

/**
 * Takes a tree apart from above: each folder found in it is moved up beside its root before it is opened, so that no path ever grows.
 * Follows no link. What does not exist is no error.
 */
export async function removeTree(path: Buffer): Promise<void> {
  if (await isRemoved(path)) return;
  const beside = Buffer.from(dirname(path.toString('latin1')), 'latin1');
  const folders = [path];
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    await eachEntry(folder, async (entry) => {
      const moved = await takeOut(entry, beside);
      if (moved) folders.push(moved);
    });
    await rmdir(folder);
  }
}

/** Removes everything in a folder, and leaves the folder. */
export async function emptyFolder(folder: string): Promise<void> {
  const beside = Buffer.from(folder);
  await eachEntry(beside, async (entry) => {
    const moved = await takeOut(entry, beside);
    if (moved) await removeTree(moved);
  });
}

/** Removes what is no folder; a folder it moves, and says where to. */
async function takeOut(path: Buffer, beside: Buffer): Promise<Buffer | undefined> {
  if (await isRemoved(path)) return undefined;
  const moved = Buffer.concat([beside, Buffer.from(`/.removing-${randomUUID()}`)]);
  await moveOne(path, moved);
  return moved;
}

/** @returns whether there is nothing any more: false for a folder, which is no file to remove */
async function isRemoved(path: Buffer): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return true;
    if (await isFolder(path)) return false;
    throw thrown;
  }
}

async function isFolder(path: Buffer): Promise<boolean> {
  return (await lstat(path)).isDirectory();
}
