/** Removes what killed workers of this machine left: their containers and their workspaces. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasEnded, isThisProcess, type ProcessOwner } from './process-owner.js';
import { SignOfLife } from './sign-of-life.js';
import { LongshoreError, type ContainerEngine } from '@longshore/core';
import { ownerOf, workerLabel } from '../slots/container-labels.js';
import { removeTree } from '../task/remove-tree.js';

const ownerFile = 'owner.json';

/** Containers of workers that have ended, or of an earlier worker of the same name. */
export async function removeLeftContainers(engine: ContainerEngine, me: ProcessOwner): Promise<number> {
  const found = await engine.list(workerLabel);
  const ended = await Promise.all(
    found.map(async ({ labels }) => {
      const owner = ownerOf(labels);
      return (await hasEnded(owner)) ?? owner.worker === me.worker;
    }),
  );
  const left = found.filter((_, index) => ended[index]);
  await Promise.all(left.map((container) => engine.remove(container)));
  return left.length;
}

/**
 * Workspaces of workers that have ended; then makes this worker's own home and signs it.
 *
 * @throws LongshoreError `invalid-configuration` when a living worker has the same name
 */
export async function takeHome(workFolder: string, home: string, me: ProcessOwner): Promise<Home> {
  await mkdir(workFolder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(workFolder)) {
    const folder = join(workFolder, name);
    const owner = await readOwner(folder);
    if (owner && (await hasEnded({ ...owner, home: folder })) === true) await removeTree(Buffer.from(folder));
    else if (owner && folder === home) throw nameTaken(me, owner);
  }
  await mkdir(home, { recursive: true, mode: 0o700 });
  const alive = await SignOfLife.give(home);
  await writeFile(join(home, ownerFile), JSON.stringify(me));
  return { folder: home, alive };
}

/** The folder of a worker, which others leave alone while it lives. */
export interface Home {
  folder: string;
  alive: SignOfLife | undefined;
}

export async function leaveHome({ folder, alive }: Home): Promise<void> {
  await alive?.[Symbol.asyncDispose]();
  await removeTree(Buffer.from(folder));
}

/** The name of another worker of this machine that lives, as far as its workspace tells. */
export async function livingNeighbour(workFolder: string): Promise<string | undefined> {
  for (const name of await readdir(workFolder).catch(() => [])) {
    const home = join(workFolder, name);
    const owner = await readOwner(home);
    if (owner && !isThisProcess(owner) && (await hasEnded({ ...owner, home })) === false) return owner.worker;
  }
  return undefined;
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
