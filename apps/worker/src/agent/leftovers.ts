/** Removes what killed workers of this machine left: their containers and their workspaces. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasEnded, type ProcessOwner } from './process-owner.js';
import { LongshoreError, type ContainerEngine } from '@longshore/core';
import { ownerOf, workerLabel } from '../slots/container-labels.js';
import { removeTree } from '../task/remove-tree.js';

const ownerFile = 'owner.json';

/** Containers of workers that have ended, or of an earlier worker of the same name. */
export async function removeLeftContainers(engine: ContainerEngine, me: ProcessOwner): Promise<number> {
  const left = (await engine.list(workerLabel)).filter(({ labels }) => {
    const owner = ownerOf(labels);
    return hasEnded(owner) ?? owner.worker === me.worker;
  });
  await Promise.all(left.map((container) => engine.remove(container)));
  return left.length;
}

/**
 * Workspaces of workers that have ended; then makes this worker's own home and signs it.
 *
 * @throws LongshoreError `invalid-configuration` when a living worker has the same name
 */
export async function takeHome(workFolder: string, home: string, me: ProcessOwner): Promise<void> {
  await mkdir(workFolder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(workFolder)) {
    const folder = join(workFolder, name);
    const owner = await readOwner(folder);
    if (owner && hasEnded(owner) === true) await removeTree(Buffer.from(folder));
    else if (owner && folder === home) throw nameTaken(me, owner);
  }
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(join(home, ownerFile), JSON.stringify(me));
}

export async function leaveHome(home: string): Promise<void> {
  await removeTree(Buffer.from(home));
}

async function readOwner(folder: string): Promise<ProcessOwner | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, ownerFile), 'utf8')) as ProcessOwner;
  } catch {
    return undefined;
  }
}

function nameTaken(me: ProcessOwner, owner: ProcessOwner): LongshoreError {
  return new LongshoreError(
    'invalid-configuration',
    `A worker named "${me.worker}" already runs on this machine, as process ${owner.pid}.`,
    { remedy: 'Give this one another name with LONGSHORE_WORKER_NAME.' },
  );
}
