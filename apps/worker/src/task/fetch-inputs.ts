/** Brings the objects of a task into its workspace, under their own names. */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LongshoreError, messageOf, type Location, type ObjectStore, type PluginObject } from '@longshore/core';
import pLimit from 'p-limit';

const atOnce = 8;

/** @throws LongshoreError what the storage throws, or `disk-full` */
export async function fetchInputs(
  store: ObjectStore,
  location: Location,
  objects: readonly PluginObject[],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const limit = pLimit(atOnce);
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const fetches = objects.map((object) =>
    limit(() => fetchOne(store, location, object, folder, either)).catch((thrown: unknown) => failed.abort(thrown)),
  );
  // Nobody may still be writing when the workspace is cleared.
  await Promise.all(fetches);
  either.throwIfAborted();
}

async function fetchOne(
  store: ObjectStore,
  location: Location,
  object: PluginObject,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const path = join(folder, object.relativeKey);
  try {
    await mkdir(dirname(path), { recursive: true });
    await pipeline(store.read(location, object, signal), createWriteStream(path, { flags: 'wx', mode: 0o644 }));
  } catch (thrown) {
    signal.throwIfAborted();
    if ((thrown as NodeJS.ErrnoException).code === 'ENOSPC') {
      throw new LongshoreError('disk-full', `The disk of the workspace is full; "${object.key}" did not fit.`, {
        remedy: 'Make room, or name a larger folder with LONGSHORE_WORK.',
        cause: thrown,
      });
    }
    if (thrown instanceof LongshoreError) throw thrown;
    throw new LongshoreError('storage-failed', `"${object.key}" could not be fetched: ${messageOf(thrown)}.`, {
      cause: thrown,
    });
  }
}
