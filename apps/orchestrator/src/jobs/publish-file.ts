/** Publishes a file of Longshore's own below the output of a job. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messageOf, type Location, type ObjectStore, type StagedOutput } from '@longshore/core';

export interface OwnFile {
  /** Name below the location. */
  name: string;
  content: AsyncIterable<string> | Iterable<string>;
}

export interface PublishOptions {
  objects: ObjectStore;
  location: Location;
  signal: AbortSignal;
  warn: (line: string) => void;
}

/** Whole, in the place of what was there. May be repeated. */
export async function publishFile(
  file: OwnFile,
  { objects, location, signal, warn }: PublishOptions,
): Promise<StagedOutput> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-report-'));
  let staged: StagedOutput;
  try {
    const path = join(folder, 'file');
    const target = createWriteStream(path);
    await pipeline(Readable.from(file.content), target, { signal });
    if (!target.closed) await once(target, 'close');
    staged = await objects.stage({ location, name: file.name, path, signal });
    await objects.publish(location, staged);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  // An orchestrator that was killed here before may have left the same file staged; that is a nuisance and no reason to fail.
  await objects.sweep(location, [file.name]).catch((thrown: unknown) => {
    warn(`What was staged earlier of "${file.name}" could not be cleared: ${messageOf(thrown)}.`);
  });
  return staged;
}
