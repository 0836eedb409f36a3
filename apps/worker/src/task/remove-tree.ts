/** Removes what a container left, folders without write permission included. */
import { chmod, lstat, readdir, rm } from 'node:fs/promises';

export async function removeTree(path: Buffer): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (thrown) {
    if (!['EACCES', 'EPERM'].includes((thrown as NodeJS.ErrnoException).code ?? '')) throw thrown;
    await unlock(path);
    await rm(path, { recursive: true, force: true });
  }
}

/** Follows no link: what it changes lies in the workspace. */
async function unlock(path: Buffer): Promise<void> {
  if (!(await lstat(path)).isDirectory()) return;
  await chmod(path, 0o700);
  for (const entry of await readdir(path, { encoding: 'buffer' })) {
    await unlock(Buffer.concat([path, Buffer.from('/'), entry]));
  }
}
