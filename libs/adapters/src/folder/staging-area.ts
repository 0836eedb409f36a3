/** Where outputs wait below the output folder itself, so that publishing is a rename within one file system. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LongshoreError } from '@longshore/core';
import { syncFolders } from './output-path.js';

export const stagingFolder = '.longshore-staging';

/** The name of one staged file; it tells which output it is for. */
export function newToken(key: string): string {
  return `${digestOf(key)}.${randomUUID()}`;
}

/**
 * Where a staged output lies. A token comes back through a worker, which may be wrong; it must lead to no other file.
 *
 * @throws LongshoreError `invalid-request`
 */
export function stagedPath(root: string, key: string, token: string): string {
  const [digest = '', random = '', ...rest] = token.split('.');
  const isOwn = digest === digestOf(key) && /^[0-9a-f-]{36}$/.test(random) && rest.length === 0;
  if (isOwn) return join(root, stagingFolder, token);
  throw new LongshoreError('invalid-request', `The token of the staged output "${key}" is not its own.`);
}

/** Opens a new file in the area. Another process may remove the area, found empty, at any moment; then it is made again. */
export async function createStaged(root: string, path: string): Promise<FileHandle> {
  const area = join(root, stagingFolder);
  for (let tries = 0; ; tries += 1) {
    const made = await mkdir(area, { recursive: true });
    if (made !== undefined && made !== area) await syncFolders(root, dirname(made));
    try {
      return await open(path, 'wx', 0o644);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT' || tries >= 20) throw thrown;
    }
  }
}

/** Removes one staged file, if it is there, and the area once nothing waits in it. */
export async function removeStaged(root: string, path: string): Promise<void> {
  await rm(path, { force: true });
  await removeIfEmpty(root);
}

/** Removes every file staged for these outputs, and the area once nothing waits in it. */
export async function sweepStaging(root: string, keys: readonly string[]): Promise<void> {
  const area = join(root, stagingFolder);
  const digests = new Set(keys.map(digestOf));
  const staged = await readdir(area).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw thrown;
  });
  const swept = staged.filter((token) => digests.has(token.slice(0, token.indexOf('.'))));
  for (const token of swept) await rm(join(area, token), { force: true });
  await removeIfEmpty(root);
}

export async function removeIfEmpty(root: string): Promise<void> {
  await rmdir(join(root, stagingFolder)).catch(() => undefined);
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
