/** Uploads the outputs of a task so that nobody sees them yet. */
import { join } from 'node:path';
import type { Location, ManifestEntry, ObjectStore, StagedOutput } from '@longshore/core';
import pLimit from 'p-limit';
import { allOrFirstError } from './all-or-first-error.js';
import type { CheckedOutputs } from './check-outputs.js';

/** How many requests a bucket gets at a time, and how much memory they take, is for its store to say. */
const atOnce = 32;

/** Stages everything, or nothing: when one output fails, those already staged are abandoned. */
export async function stageOutputs(
  store: ObjectStore,
  location: Location,
  checked: readonly CheckedOutputs[],
  folder: string,
  signal: AbortSignal,
): Promise<ManifestEntry[]> {
  const limit = pLimit(atOnce);
  const staged: StagedOutput[] = [];
  const stage = async (name: string) => {
    signal.throwIfAborted();
    const output = await store.stage({ location, name, path: join(folder, name), within: folder, signal });
    staged.push(output);
    return output;
  };
  const entries = await Promise.allSettled(
    checked.map(async ({ object, names, record }): Promise<ManifestEntry> => {
      const outputs = await allOrFirstError(names.map((name) => limit(() => stage(name))));
      return { objectKey: object.key, etag: object.etag, outputs, ...(record && { record }) };
    }),
  );
  const failed = entries.find((entry) => entry.status === 'rejected');
  if (!failed) return entries.map((entry) => (entry as PromiseFulfilledResult<ManifestEntry>).value);
  await abandonOutputs(store, location, staged);
  throw failed.reason;
}

/** Drops staged outputs; what cannot be dropped now is cleared when the job ends. */
export async function abandonOutputs(
  store: ObjectStore,
  location: Location,
  staged: readonly StagedOutput[],
): Promise<void> {
  await Promise.allSettled(staged.map((output) => store.abandon(location, output)));
}

/** Shows what is staged. @throws the first error, once nothing is being shown any more */
export async function publishOutputs(
  store: ObjectStore,
  location: Location,
  staged: readonly StagedOutput[],
): Promise<void> {
  const limit = pLimit(atOnce);
  await allOrFirstError(staged.map((output) => limit(() => store.publish(location, output))));
}
