/** Brings the objects of a task into its workspace, under their own names. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LongshoreError, messageOf, type Location, type ObjectStore, type PluginObject } from '@longshore/core';
import pLimit from 'p-limit';

/** Hides the time to the first byte of small objects; how many requests a bucket gets at a time is for its store to say. */
const atOnce = 32;

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
  const folders = new Folders();
  const fetches = objects.map((object) =>
    limit(() => fetchOne(store, location, object, { folder, folders }, either)).catch((thrown: unknown) =>
      failed.abort(thrown),
    ),
  );
  // Nobody may still be writing when the workspace is cleared.
  await Promise.all(fetches);
  either.throwIfAborted();
}

async function fetchOne(
  store: ObjectStore,
  location: Location,
  object: PluginObject,
  { folder, folders }: { folder: string; folders: Folders },
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const path = join(folder, object.relativeKey);
  try {
    await folders.make(dirname(path));
    await store.fetch(location, object, path, signal);
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

/** Makes each folder once: most objects of a task lie in the same. */
class Folders {
  private readonly made = new Map<string, Promise<unknown>>();

  async make(path: string): Promise<void> {
    const making = this.made.get(path) ?? mkdir(path, { recursive: true });
    this.made.set(path, making);
    await making;
  }
}
