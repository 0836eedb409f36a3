/** Goes through a folder that a container may have left in any state, until nothing is in it any more. */
import { closeSync, constants, fstatSync, opendirSync, openSync, statSync, type Dirent } from 'node:fs';
import { chmod } from 'node:fs/promises';

const atOnce = 64;

/** What its owner needs for reading a folder and for taking something out of it. */
const ownersAll = 0o700;

/** Names a folder without reading it, so that no permission is needed. Node has no name for it; the number is that of Linux. */
const O_PATH = 0o10000000;

/**
 * Hands every entry of a folder over until none is left. The folder is held by its descriptor: should a process still run that puts a link
 * in its place, what is emptied stays the folder that was there.
 *
 * A slot stands still while its folders are emptied, and each step that is handed to a thread waits for a processor twice. So what only reads, and never
 * for long, is done in place; what changes something may wait for the journal of the disk, and is handed over.
 */
export async function eachEntry(folder: Buffer, remove: (entry: Buffer) => Promise<void>): Promise<void> {
  using held = holdFolder(folder);
  // Only where it is closed: a change of nothing waits for the journal of the disk all the same.
  if ((held.mode & ownersAll) !== ownersAll) await chmod(held.path, ownersAll);
  // A folder that changes while it is read may show a name twice or not at all, so it is read again until it is empty.
  for (let found = 1; found > 0;) {
    found = 0;
    for (const entries of batches(held.path)) {
      found += entries.length;
      await Promise.all(entries.map(remove));
    }
  }
}

export interface HeldFolder extends Disposable {
  path: Buffer;
  mode: number;
}

export function holdFolder(folder: Buffer): HeldFolder {
  if (process.platform !== 'linux') {
    return { path: folder, mode: statSync(folder).mode, [Symbol.dispose]: () => undefined };
  }
  const held = openSync(folder, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const { mode } = fstatSync(held);
  return { path: Buffer.from(`/proc/self/fd/${held}`), mode, [Symbol.dispose]: () => closeSync(held) };
}

function* batches(folder: Buffer): Generator<Buffer[]> {
  using entries = opendirSync(folder, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 });
  let batch: Buffer[] = [];
  for (let entry = entries.readSync(); entry; entry = entries.readSync()) {
    const { name } = entry as Dirent<string | Buffer>;
    batch.push(Buffer.concat([folder, Buffer.from('/'), Buffer.from(name)]));
    if (batch.length < atOnce) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
