/** A folder of this machine, or one that all machines have mounted, as an object store. */
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { lstat, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  folderPath,
  LongshoreError,
  ObjectStore,
  refusalOfName,
  type ListOptions,
  type Location,
  type ObjectRef,
  type StagedOutput,
  type StageRequest,
} from '@longshore/core';
import { openRegular } from '../files/index.js';
import { piecesOf } from './file-pieces.js';
import { folderError } from './folder-errors.js';
import { createStaged, newStagedName, removeIfEmpty, stagedPath, stagingFolder, sweepStaging } from './staging-area.js';
import { walkFolder } from './walk-folder.js';

const pageSize = 1_000;

export class FolderObjectStore extends ObjectStore {
  async *list(location: Location, options: ListOptions = {}): AsyncIterable<ObjectRef[]> {
    const root = await existingFolder(location);
    let page: ObjectRef[] = [];
    try {
      for await (const { key, stats } of walkFolder(root, { after: options.after, ignored: stagingFolder })) {
        options.signal?.throwIfAborted();
        page.push({ key, sizeBytes: Number(stats?.size ?? 0), etag: stats ? etagOf(stats) : '' });
        if (page.length < pageSize) continue;
        yield page;
        page = [];
      }
    } catch (thrown) {
      options.signal?.throwIfAborted();
      throw folderError(thrown, `The folder ${root} cannot be listed`);
    }
    if (page.length > 0) yield page;
  }

  async *read(location: Location, object: ObjectRef, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    const path = safePath(location, object.key);
    try {
      await using file = await open(path, 'r');
      if (etagOf(await file.stat({ bigint: true })) !== object.etag) throw changed(object);
      let bytes = 0;
      for await (const piece of piecesOf(file)) {
        signal?.throwIfAborted();
        bytes += piece.length;
        yield piece;
      }
      if (bytes !== object.sizeBytes) throw changed(object);
    } catch (thrown) {
      signal?.throwIfAborted();
      throw readError(thrown, object);
    }
  }

  override async fetch(location: Location, object: ObjectRef, path: string, signal?: AbortSignal): Promise<void> {
    await using file = await open(path, 'wx', 0o644);
    for await (const piece of this.read(location, object, signal)) await file.writeFile(piece);
  }

  async stage({ location, name, path, within, signal }: StageRequest): Promise<StagedOutput> {
    const root = folderPath(location);
    safePath(location, name);
    const token = newStagedName(name);
    const staged = join(root, stagingFolder, token);
    try {
      await using source = await openRegular(path, within);
      await using target = await createStaged(root, token);
      const hash = createHash('sha256');
      let sizeBytes = 0;
      for await (const piece of piecesOf(source)) {
        signal?.throwIfAborted();
        hash.update(piece);
        sizeBytes += piece.length;
        await target.writeFile(piece);
      }
      await target.sync();
      return { name, sizeBytes, sha256: hash.digest('hex'), token };
    } catch (thrown) {
      await rm(staged, { force: true });
      await removeIfEmpty(root);
      signal?.throwIfAborted();
      throw folderError(thrown, `The output "${name}" cannot be stored in ${root}`);
    }
  }

  async publish(location: Location, staged: StagedOutput): Promise<void> {
    const root = folderPath(location);
    const target = safePath(location, staged.name);
    const source = stagedPath(root, staged.name, staged.token);
    if (source === undefined) throw lost(staged);
    try {
      await mkdir(dirname(target), { recursive: true });
      await rename(source, target);
      await syncFolder(dirname(target));
    } catch (thrown) {
      const isGone = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isGone) throw folderError(thrown, `The output "${staged.name}" cannot be published in ${root}`);
      if (!(await isPublished(target, staged))) throw lost(staged);
    }
    await removeIfEmpty(root);
  }

  async canPublish(location: Location, staged: StagedOutput): Promise<boolean> {
    const source = stagedPath(folderPath(location), staged.name, staged.token);
    if (source === undefined) return false;
    const waits = await lstat(source).catch(() => undefined);
    return waits?.isFile() === true || isPublished(safePath(location, staged.name), staged);
  }

  async abandon(location: Location, staged: StagedOutput): Promise<void> {
    const root = folderPath(location);
    const source = stagedPath(root, staged.name, staged.token);
    if (source === undefined) return;
    await rm(source, { force: true });
    await removeIfEmpty(root);
  }

  async sweep(location: Location, names: readonly string[]): Promise<void> {
    await sweepStaging(folderPath(location), names);
  }
}

async function existingFolder(location: Location): Promise<string> {
  const root = folderPath(location);
  const found = await stat(root).catch((thrown: NodeJS.ErrnoException) => ({ thrown }));
  if (!('thrown' in found)) {
    if (found.isDirectory()) return root;
    throw new LongshoreError('location-not-found', `${root} is not a folder.`, { remedy: 'Check the path.' });
  }
  if (found.thrown.code !== 'ENOENT') throw folderError(found.thrown, `The folder ${root} cannot be read`);
  throw new LongshoreError('location-not-found', `The folder ${root} does not exist.`, { remedy: 'Check the path.' });
}

/** A name is checked again where it becomes a path, whoever checked it before. */
function safePath(location: Location, name: string): string {
  const refusal = refusalOfName(name);
  if (refusal === undefined) return join(folderPath(location), name);
  throw new LongshoreError('name-refused', `"${name}" is refused because ${refusal}.`, { objectKey: name });
}

function etagOf(stats: BigIntStats): string {
  return `${stats.size}-${stats.mtimeNs}-${stats.ino}`;
}

function readError(thrown: unknown, object: ObjectRef): LongshoreError {
  if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') return folderError(thrown, `"${object.key}" cannot be read`);
  return new LongshoreError(
    'input-missing',
    `The object "${object.key}" is not there any more, or is a link that leads nowhere.`,
    {
      objectKey: object.key,
      remedy: 'Put it back, or leave it out.',
      cause: thrown,
    },
  );
}

function changed(object: ObjectRef): LongshoreError {
  return new LongshoreError('input-changed', `The object "${object.key}" has changed since it was listed.`, {
    objectKey: object.key,
    remedy: 'Submit the job again once nobody writes to its input; only what has changed is run.',
  });
}

function lost(staged: StagedOutput): LongshoreError {
  return new LongshoreError('staging-lost', `The staged output "${staged.name}" is gone; its task is done again.`);
}

/** A repeated publication finds its work done: same size, same content. */
async function isPublished(path: string, staged: StagedOutput): Promise<boolean> {
  try {
    await using file = await openRegular(path);
    if ((await file.stat()).size !== staged.sizeBytes) return false;
    const hash = createHash('sha256');
    for await (const piece of piecesOf(file)) hash.update(piece);
    return hash.digest('hex') === staged.sha256;
  } catch {
    return false;
  }
}

/** A rename is on disk once its folder is. */
async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}
