/** Moves what lies in one folder into another of the same file system, whatever a container has left there. */
import { chmod, rename } from 'node:fs/promises';
import { basename } from 'node:path';
import { eachEntry, holdFolder } from './each-entry.js';

/** Follows no link, opens no file, and leaves every mode as it was; the folder it empties is open to its owner then. */
export async function moveEntries(from: string, to: string): Promise<void> {
  await eachEntry(Buffer.from(from), async (entry) => {
    const name = Buffer.from(basename(entry.toString('latin1')), 'latin1');
    await moveOne(entry, Buffer.concat([Buffer.from(`${to}/`), name]));
  });
}

/** @throws what the file system throws, unless it was only for the mode of a folder */
export async function moveOne(entry: Buffer, target: Buffer): Promise<void> {
  try {
    await rename(entry, target);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EACCES') throw thrown;
    await moveClosed(entry, target);
  }
}

/** A folder that is moved has its parent rewritten, for which it must be writable itself. */
async function moveClosed(entry: Buffer, target: Buffer): Promise<void> {
  using held = holdFolder(entry);
  await chmod(held.path, 0o700);
  try {
    await rename(entry, target);
  } finally {
    await chmod(held.path, held.mode & 0o7777);
  }
}
