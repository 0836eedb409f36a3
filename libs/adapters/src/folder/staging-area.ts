/** Where outputs wait below the output folder itself, so that publishing is a rename within one file system. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

export const stagingFolder = '.longshore-staging';

/** A name for one staged file that tells which output it belongs to. */
export function newStagedName(outputName: string): string {
  return `${digestOf(outputName)}.${randomUUID()}`;
}

/** The path of a staged file; undefined for a name that was not made here for this output, and may lead anywhere. */
export function stagedPath(root: string, outputName: string, stagedName: string): string | undefined {
  const [digest, id, ...more] = stagedName.split('.');
  const isOurs = digest === digestOf(outputName) && /^[0-9a-f-]{36}$/.test(id ?? '') && more.length === 0;
  return isOurs ? join(root, stagingFolder, stagedName) : undefined;
}

/** Removes every file staged for these outputs, and the area itself once nothing waits in it. */
export async function sweepStaging(root: string, outputNames: readonly string[]): Promise<void> {
  const area = join(root, stagingFolder);
  const digests = new Set(outputNames.map(digestOf));
  const left = await readdir(area).catch(() => []);
  const mine = left.filter((name) => digests.has(name.slice(0, name.indexOf('.'))));
  await Promise.all(mine.map((name) => rm(join(area, name), { force: true })));
  await removeIfEmpty(root);
}

export async function removeIfEmpty(root: string): Promise<void> {
  await rmdir(join(root, stagingFolder)).catch(() => undefined);
}

/** Opens a new file in the area. Another process may remove the area, found empty, at any moment; then it is made again. */
export async function createStaged(root: string, stagedName: string): Promise<FileHandle> {
  const area = join(root, stagingFolder);
  for (let tries = 0; ; tries += 1) {
    try {
      // Fails as well where the area is found and gone a moment later.
      await mkdir(area, { recursive: true });
      return await open(join(area, stagedName), 'wx', 0o644);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT' || tries >= 20) throw thrown;
    }
  }
}

function digestOf(outputName: string): string {
  return createHash('sha256').update(outputName).digest('hex').slice(0, 32);
}
