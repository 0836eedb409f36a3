/** Goes through a folder that a container may have left in any state, until nothing is in it any more. */
import { constants, type Dirent } from 'node:fs';
import { chmod, open, opendir, stat } from 'node:fs/promises';

const atOnce = 64;

/** What its owner needs for reading a folder and for taking something out of it. */
const ownersAll = 0o700;

/** Names a folder without reading it, so that no permission is needed. Node has no name for it; the number is that of Linux. */
const O_PATH = 0o10000000;

/**
 * Hands every entry of a folder over until none is left. The folder is held by its descriptor: should a process still run that puts a link
 * in its place, what is emptied stays the folder that was there.
 */
export async function eachEntry(folder: Buffer, remove: (entry: Buffer) => Promise<void>): Promise<void> {
  await using held = await holdFolder(folder);
  // Only where it is closed: a change of nothing waits for the journal of the disk all the same.
  if (((await stat(held.path)).mode & ownersAll) !== ownersAll) await chmod(held.path, ownersAll);
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
