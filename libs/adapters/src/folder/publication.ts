/** Moves a staged output to its place, once, whoever does it and however often. */
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LongshoreError, type StagedOutput } from '@longshore/core';
import { openRegular } from '../files/index.js';
import { sha256Of } from './file-content.js';
import { lstatIfThere, makeFolderOf, refuseCollision, syncFolders } from './output-path.js';
import { removeIfEmpty, stagedPath } from './staging-area.js';

/** @throws LongshoreError `staging-lost`, `output-collision` or `invalid-request` */
export async function publishStaged(root: string, key: string, output: StagedOutput): Promise<void> {
  const staged = stagedPath(root, key, output.token);
  const target = join(root, key);
  await refuseCollision(root, key);
  if (!(await moveTo(target, staged))) {
    if (!(await isPublished(target, output))) throw lost(output);
    // Whoever published it may have died before its name was on disk.
    await syncFolders(dirname(target), root);
  }
  await removeIfEmpty(root);
}

/** False when nothing is staged: it never was, or somebody has moved it already. */
async function moveTo(target: string, staged: string): Promise<boolean> {
  if (!(await lstatIfThere(staged))) return false;
  const highest = await makeFolderOf(target);
  try {
    await rename(staged, target);
  } catch (thrown) {
    if (await lstatIfThere(staged)) throw thrown;
    return false;
  }
  await syncFolders(dirname(target), highest);
  return true;
}

/** A repeated publication finds its work done: same size, same content. */
async function isPublished(path: string, { sizeBytes, sha256 }: StagedOutput): Promise<boolean> {
  if (!(await lstatIfThere(path))?.isFile()) return false;
  await using file = await openRegular(path);
  return (await file.stat()).size === sizeBytes && (await sha256Of(file)) === sha256;
}

function lost({ name }: StagedOutput): LongshoreError {
  return new LongshoreError('staging-lost', `The staged output "${name}" is gone; its task is done again.`);
}
