/** Tries what a job would do with its input and its output, and leaves nothing. */
import { constants } from 'node:fs';
import { access, mkdtemp, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  asLongshoreError,
  folderPath,
  formatLocation,
  LongshoreError,
  storeKind,
  type Location,
  type ObjectRef,
  type ObjectStore,
} from '@longshore/core';
import { TooLong } from '../time-limit.js';
import type { Side, StorageFacts, Try } from '../judge/storage.js';

/** Facts for the judgement, and the sizes of the objects that were listed first. */
export interface StorageLook {
  facts: StorageFacts;
  sizes: number[];
}

export async function lookAtInput(store: ObjectStore, location: Location, signal: AbortSignal): Promise<StorageLook> {
  const facts = factsOf('input', location);
  let page: ObjectRef[] = [];
  const failure = await firstFailure([
    ['list', async () => (page = await firstPage(store, location, signal))],
    [
      'read',
      async () => {
        const object = page.find(({ archived }) => !archived);
        if (object) await readABit(store, location, object, signal);
      },
    ],
  ]);
  const allArchived = page.length > 0 && page.every(({ archived }) => archived);
  const sizes = page.map(({ sizeBytes }) => sizeBytes);
  return { facts: { ...facts, listed: page.length, allArchived, ...failure }, sizes };
}

export async function lookAtOutput(store: ObjectStore, location: Location, signal: AbortSignal): Promise<StorageFacts> {
  const facts = factsOf('output', location);
  if (facts.kind === 'folder' && !(await exists(folderPath(location)))) {
    const ended = await firstFailure([['stage', () => tryToMakeBelow(folderPath(location))]]);
    return { ...facts, toBeMade: ended.failure === undefined, ...ended };
  }
  const failure = await firstFailure([
    ['list', () => firstPage(store, location, signal)],
    ['stage', () => stageAndAbandon(store, location, signal)],
  ]);
  return { ...facts, ...failure };
}

function factsOf(side: Side, location: Location): StorageFacts {
  return { side, place: formatLocation(location), kind: storeKind(location) };
}

/** Thrown by a step that was about something else in its course. */
class Mishap extends Error {
  constructor(
    readonly trying: Try,
    override readonly cause: unknown,
  ) {
    super();
  }
}

async function firstFailure(steps: [Try, () => Promise<unknown>][]): Promise<Pick<StorageFacts, 'failure'>> {
  for (const [trying, step] of steps) {
    try {
      await step();
    } catch (thrown) {
      const mishap = thrown instanceof Mishap ? thrown : { trying, cause: thrown };
      if (mishap.cause instanceof TooLong) throw mishap.cause;
      return {
        failure: { trying: mishap.trying, error: asLongshoreError(mishap.cause, 'storage-failed', 'It failed') },
      };
    }
  }
  return {};
}

async function firstPage(store: ObjectStore, location: Location, signal: AbortSignal): Promise<ObjectRef[]> {
  for await (const page of store.list(location, { signal })) return page;
  return [];
}

/** The first chunk is enough; the rest is not asked for. */
async function readABit(store: ObjectStore, location: Location, object: ObjectRef, signal: AbortSignal): Promise<void> {
  for await (const chunk of store.read(location, object, signal)) if (chunk.length > 0) return;
}

async function stageAndAbandon(store: ObjectStore, location: Location, signal: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-doctor-'));
  try {
    const path = join(folder, 'probe');
    await writeFile(path, 'longshore doctor');
    const staged = await store.stage({ location, name: `.longshore-doctor-${process.pid}`, path, signal });
    await store.abandon(location, staged).catch((thrown: unknown) => {
      throw new Mishap('abandon', thrown);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An output folder that is not there is made by the job; whether it can be is tried with another name beside it. */
async function tryToMakeBelow(path: string): Promise<void> {
  const parent = await nearestFolder(path);
  try {
    await access(parent, constants.W_OK);
    await rmdir(await mkdtemp(join(parent, '.longshore-doctor-')));
  } catch (thrown) {
    const why = `A folder cannot be made in ${parent}: ${(thrown as Error).message}.`;
    throw new LongshoreError('access-denied', why, { cause: thrown });
  }
}

/** The folder itself, or the nearest above it that is there. */
export async function nearestFolder(path: string): Promise<string> {
  if (path === dirname(path) || (await exists(path))) return path;
  return nearestFolder(dirname(path));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (thrown: NodeJS.ErrnoException) => thrown.code !== 'ENOENT',
  );
}
