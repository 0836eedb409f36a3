/** A folder of this machine, or one that all machines have mounted, as an object store. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import {
  folderPath,
  keyAt,
  ObjectStore,
  type ListOptions,
  type Location,
  type ObjectRef,
  type StagedOutput,
  type StageRequest,
} from '@longshore/core';
import { openRegular } from '../files/index.js';
import { chunksOf } from './file-content.js';
import { folderError, inputChanged, readError } from './folder-errors.js';
import { etagOf, objectAt } from './object-at.js';
import { refuseCollision } from './output-path.js';
import { acceptable, isFolder, noFolder, placeOf } from './place.js';
import { publishStaged } from './publication.js';
import { createStaged, newToken, removeStaged, stagedPath, stagingFolder, sweepStaging } from './staging-area.js';
import { walkFolder } from './walk-folder.js';

const pageSize = 1_000;

export class FolderObjectStore extends ObjectStore {
  async *list(location: Location, { after, signal }: ListOptions = {}): AsyncIterable<ObjectRef[]> {
    const root = folderPath(location);
    try {
      if (!(await isFolder(root))) throw noFolder(`The folder ${root} does not exist.`);
      const keys = walkFolder(root, { prefix: location.prefix, after, ignored: stagingFolder, signal });
      for await (const page of pagesOf(keys)) {
        const found = await Promise.all(page.map((key) => objectAt(root, key)));
        signal?.throwIfAborted();
        const objects = found.filter((object) => object !== undefined);
        if (objects.length > 0) yield objects;
      }
    } catch (thrown) {
      signal?.throwIfAborted();
      throw folderError(thrown, `The folder ${root} cannot be listed`);
    }
  }

  async *read(location: Location, object: ObjectRef, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    signal?.throwIfAborted();
    const path = join(folderPath(location), acceptable(object.key));
    try {
      // Links are followed, as they were for the listing; a pipe that took the place of the object must not block.
      await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      if (!(await isAsListed(file, object))) throw inputChanged(object.key);
      let bytes = 0;
      for await (const chunk of chunksOf(file, signal)) {
        bytes += chunk.length;
        yield chunk;
      }
      if (bytes !== object.sizeBytes || !(await isAsListed(file, object))) throw inputChanged(object.key);
    } catch (thrown) {
      signal?.throwIfAborted();
      throw readError(thrown, object);
    }
  }

  async stage({ location, name, path, signal }: StageRequest): Promise<StagedOutput> {
    signal?.throwIfAborted();
    const { root, key } = placeOf(location, name);
    const token = newToken(key);
    const staged = stagedPath(root, key, token);
    try {
      await using source = await openRegular(path);
      await isFolder(root);
      // Asked again when it is published; here it still fails the attempt that made it.
      await refuseCollision(root, key);
      await using target = await createStaged(root, staged);
      const hash = createHash('sha256');
      let sizeBytes = 0;
      for await (const chunk of chunksOf(source, signal)) {
        hash.update(chunk);
        sizeBytes += chunk.length;
        await target.writeFile(chunk);
      }
      await target.sync();
      signal?.throwIfAborted();
      return { name, sizeBytes, sha256: hash.digest('hex'), token };
    } catch (thrown) {
      await removeStaged(root, staged).catch(() => undefined);
      signal?.throwIfAborted();
      throw folderError(thrown, `The output "${name}" cannot be stored in ${root}`);
    }
  }

  async publish(location: Location, output: StagedOutput): Promise<void> {
    const { root, key } = placeOf(location, output.name);
    try {
      await publishStaged(root, key, output);
    } catch (thrown) {
      throw folderError(thrown, `The output "${output.name}" cannot be published in ${root}`);
    }
  }

  async abandon(location: Location, { name, token }: StagedOutput): Promise<void> {
    const { root, key } = placeOf(location, name);
    try {
      await removeStaged(root, stagedPath(root, key, token));
    } catch (thrown) {
      throw folderError(thrown, `The staged output "${name}" cannot be removed from ${root}`);
    }
  }

  async sweep(location: Location, names: readonly string[]): Promise<void> {
    const root = folderPath(location);
    try {
      const keys = names.map((name) => keyAt(location, name));
      await sweepStaging(root, keys);
    } catch (thrown) {
      throw folderError(thrown, `Staged outputs cannot be removed from ${root}`);
    }
  }
}

async function* pagesOf(keys: AsyncIterable<string>): AsyncGenerator<string[]> {
  let page: string[] = [];
  for await (const key of keys) {
    page.push(key);
    if (page.length < pageSize) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

async function isAsListed(file: FileHandle, object: ObjectRef): Promise<boolean> {
  return etagOf(await file.stat({ bigint: true })) === object.etag;
}
