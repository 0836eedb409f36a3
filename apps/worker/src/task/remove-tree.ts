/** Removes what a container left: any owner, folders without permissions, and trees deeper than any path reaches. */
import { randomUUID } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { chmod, lstat, open, opendir, rename, rmdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

const atOnce = 64;

/** Names a folder without reading it, so that no permission is needed. Node has no name for it; the number is that of Linux. */
const O_PATH = 0o10000000;

/**
 * Takes a tree apart from above: each folder found in it is moved up beside its root before it is opened, so that no path ever grows.
 * Follows no link. What does not exist is no error.
 */
export async function removeTree(path: Buffer): Promise<void> {
  if (!(await isFolder(path))) return gone(unlink(path));
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

/**
 * Hands every entry of a folder over until none is left. The folder is held by its descriptor: should a process still run that puts a link
 * in its place, what is emptied stays the folder that was there.
 */
export async function eachEntry(folder: Buffer, remove: (entry: Buffer) => Promise<void>): Promise<void> {
  await using held = await holdFolder(folder);
  await chmod(held.path, 0o700);
  // A folder that changes while it is read may show a name twice or not at all, so it is read again until it is empty.
  for (let found = 1; found > 0;) {
    found = 0;
    for await (const entries of batches(held.path)) {
      found += entries.length;
      await Promise.all(entries.map(remove));
    }
  }
}

export async function holdFolder(folder: Buffer): Promise<{ path: Buffer } & AsyncDisposable> {
  if (process.platform !== 'linux') return { path: folder, [Symbol.asyncDispose]: () => Promise.resolve() };
  const handle = await open(folder, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  return { path: Buffer.from(`/proc/self/fd/${handle.fd}`), [Symbol.asyncDispose]: () => handle.close() };
}

async function* batches(folder: Buffer): AsyncGenerator<Buffer[]> {
  const entries = (await opendir(folder, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 })) as AsyncIterable<
    Dirent<string | Buffer>
  >;
  let batch: Buffer[] = [];
  for await (const { name } of entries) {
    batch.push(Buffer.concat([folder, Buffer.from('/'), Buffer.from(name)]));
    if (batch.length < atOnce) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Removes what is no folder; a folder it moves, and says where to. */
async function takeOut(path: Buffer, beside: Buffer): Promise<Buffer | undefined> {
  if (!(await isFolder(path))) return void (await gone(unlink(path)));
  const moved = Buffer.concat([beside, Buffer.from(`/.removing-${randomUUID()}`)]);
  {
    // A folder that is moved has its parent rewritten, for which it must be writable itself.
    await using held = await holdFolder(path);
    await chmod(held.path, 0o700);
  }
  await rename(path, moved);
  return moved;
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
