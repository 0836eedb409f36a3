import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasEnded, thisProcess } from './process-owner.js';
import { answersAt, SignOfLife } from './sign-of-life.js';

describe('a sign of life', () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'longshore-alive-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  it.each([
    ['a short path', () => home],
    ['a path that is longer than any address', () => join(home, 'long-'.repeat(30))],
  ])('answers in a folder of %s until it is taken back', async (_, folderOf) => {
    await mkdir(folderOf(), { recursive: true });
    const sign = await SignOfLife.give(folderOf());
    expect(await answersAt(folderOf())).toBe(true);
    await sign?.[Symbol.asyncDispose]();
    expect(await answersAt(folderOf())).toBeUndefined();
    expect((await readdir(folderOf())).filter((name) => name === 'alive')).toEqual([]);
  });

  it('E9: tells workers in other containers, where process ids say nothing, whether their neighbour lives', async () => {
    const script = `require('node:net').createServer().listen(process.argv[1] + '/alive', () => console.log('listens'))`;
    const neighbour = spawn(process.execPath, ['-e', script, home], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(neighbour.stdout, 'data');
    // With the process id of this very process, as two containers have it that were made alike.
    const owner = { ...thisProcess('neighbour', home), startedAt: '1', space: 'pid:[1]', host: hostname() };
    expect(await hasEnded(owner)).toBe(false);
    neighbour.kill('SIGKILL');
    await once(neighbour, 'exit');
    expect(await hasEnded(owner)).toBe(true);
  });

  it('is unknown in a folder that is not there, or has none', async () => {
    expect(await answersAt(home)).toBeUndefined();
    expect(await answersAt(join(home, 'none'))).toBeUndefined();
  });
});
