/** Removes what a container left: any owner, folders without permissions, and trees deeper than any path reaches. */
import { randomUUID } from 'node:crypto';
import { chmod, lstat, opendir, rename, rmdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Dirent } from 'node:fs';

const atOnce = 64;

/**
 * Takes a tree apart from above: each folder found in it is moved up beside its root before it is opened, so that no path ever grows.
 * Follows no link. What does not exist is no error.
 */
export async function removeTree(path: Buffer): Promise<void> {
  if (!(await isFolder(path))) return gone(unlink(path));
  const beside = Buffer.from(dirname(path.toString('latin1')), 'latin1');
  const folders = [path];
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    await chmod(folder, 0o700);
    for await (const entries of batches(folder)) {
      await Promise.all(entries.map((entry) => takeOut(entry, beside, folders)));
    }
    await rmdir(folder);
  }
}

/** Removes everything in a folder, and leaves the folder. */
export async function emptyFolder(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for await (const entries of batches(Buffer.from(folder))) await Promise.all(entries.map(removeTree));
}

async function takeOut(path: Buffer, beside: Buffer, folders: Buffer[]): Promise<void> {
  if (!(await isFolder(path))) return gone(unlink(path));
  const moved = Buffer.concat([beside, Buffer.from(`/.removing-${randomUUID()}`)]);
  // A folder that is moved has its parent rewritten, for which it must be writable itself.
  await chmod(path, 0o700);
  await rename(path, moved);
  folders.push(moved);
}

/** A folder that changes while it is read may show a name twice or not at all, so it is read again until it is empty. */
async function* batches(folder: Buffer): AsyncGenerator<Buffer[]> {
  for (let found = 1; found > 0;) {
    found = 0;
    const entries = (await opendir(folder, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 })) as AsyncIterable<
      Dirent<string | Buffer>
    >;
    let batch: Buffer[] = [];
    for await (const { name } of entries) {
      found += 1;
      batch.push(Buffer.concat([folder, Buffer.from('/'), Buffer.from(name)]));
      if (batch.length < atOnce) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }
}

async function isFolder(path: Buffer): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw thrown;
  }
}

async function gone(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
  }
}
