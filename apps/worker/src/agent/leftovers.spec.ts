import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { containerSpec } from '@longshore/core';
import { aPlugin, ScriptedContainerEngine } from '@longshore/core/testing';
import { containerLabels } from '../slots/container-labels.js';
import { livingNeighbour, removeLeftContainers, takeHome } from './leftovers.js';
import { thisProcess, type ProcessOwner } from './process-owner.js';

const me = thisProcess('me');
const living = thisProcess('neighbour');
/** Whoever started these tests lives as long as they do. */
const parent = { ...living, pid: process.ppid, startedAt: '' };
/** Larger than any process id can be. */
const ended: ProcessOwner = { worker: 'gone', host: hostname(), pid: 2 ** 30, startedAt: '1' };
const elsewhere: ProcessOwner = { ...ended, worker: 'far', host: 'another-machine' };

describe('what killed workers left', () => {
  let work: string;
  beforeEach(async () => {
    work = await mkdtemp(join(tmpdir(), 'longshore-leftovers-'));
  });
  afterEach(() => rm(work, { recursive: true }));

  it('E9: two workers on one engine remove the containers of ended ones, and none of each other', async () => {
    const engine = new ScriptedContainerEngine({ images: ['busybox:1.36'], programs: {} });
    for (const owner of [living, ended, elsewhere]) {
      const place = { name: owner.worker, user: '1:1', folders: { inputs: '/i', outputs: '/o' } };
      await engine.start(containerSpec(aPlugin().container, { ...place, labels: containerLabels(owner) }));
    }
    expect(await removeLeftContainers(engine, me)).toBe(1);
    expect((await engine.list('longshore.worker')).map(({ name }) => name).sort()).toEqual(['far', 'neighbour']);
  });

  it('E9: the workspaces of ended ones go too, and a living one keeps its own', async () => {
    for (const owner of [living, ended]) {
      await mkdir(join(work, owner.worker, 'slot-0'), { recursive: true });
      await writeFile(join(work, owner.worker, 'owner.json'), JSON.stringify(owner));
    }
    await takeHome(work, join(work, 'me'), me);
    expect((await readdir(work)).sort()).toEqual(['me', 'neighbour']);
    await expect(takeHome(work, join(work, 'neighbour'), me)).rejects.toMatchObject({ code: 'invalid-configuration' });
  });

  it('tells a living neighbour from this worker, from one that has ended, and from one of another machine', async () => {
    expect(await livingNeighbour(join(work, 'nothing'))).toBeUndefined();
    const leave = async (owner: ProcessOwner) => {
      await mkdir(join(work, owner.worker));
      await writeFile(join(work, owner.worker, 'owner.json'), JSON.stringify(owner));
    };
    for (const owner of [me, ended, elsewhere]) await leave(owner);
    expect(await livingNeighbour(work)).toBeUndefined();
    await leave(parent);
    expect(await livingNeighbour(work)).toBe('neighbour');
  });
});
