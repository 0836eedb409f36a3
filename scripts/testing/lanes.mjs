// Lanes: several programs at once, each on a machine of its own as far as names, ports and folders go.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { succeeds } from '../setup/command.mjs';
import { projectFolder } from '../setup/project.mjs';

const spaces = ['--uts', '--net', '--mount', '--propagation', 'private'];

/** One more than there are cores, because whoever waits needs none; LONGSHORE_LANES says otherwise. One, where this user may make no such machine. */
export async function laneCount() {
  const asked = process.env.LONGSHORE_LANES;
  if (asked !== undefined && !/^[1-9]\d*$/.test(asked))
    throw new Error(`LONGSHORE_LANES is ${asked}. It is the number of stories that run at once, 1 or more.`);
  const wanted = asked === undefined ? availableParallelism() + 1 : Number(asked);
  if (wanted === 1 || (await succeeds('unshare', [...spaces, 'true']))) return wanted;
  console.log('stories run one at a time: this user may not give each a machine of its own (unshare)');
  return 1;
}

/**
 * Does every work in one of the lanes, in this order, each as soon as a lane is free.
 *
 * @param work gets the words to put before a program that is to run in its lane
 */
export async function inLanes(count, works, work) {
  const queue = [...works];
  const folder = await mkdtemp(path.join(tmpdir(), 'longshore-lanes-'));
  const names = Array.from({ length: count }, (_, index) => String(index + 1));
  for (const name of names) await mkdir(path.join(folder, name));
  const drive = async (name) => {
    const words = [
      'unshare',
      ...spaces,
      'bash',
      path.join(projectFolder, 'scripts', 'testing', 'lane.sh'),
      folder,
      name,
    ];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next, words);
  };
  try {
    await Promise.all(names.map(drive));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
