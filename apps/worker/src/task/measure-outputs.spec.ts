import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '@longshore/core';
import { aPlugin } from '@longshore/core/testing';
import { isOver, measureOutputs } from './measure-outputs.js';
import { refuseStrange } from './refuse-strange.js';
import { removeTree } from './remove-tree.js';

const limits = { outputBytes: 1_000_000, outputFiles: 1_000 };

describe('what lies in an outputs folder', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-outputs-'));
  });
  afterEach(() => removeTree(Buffer.from(folder)));

  it('is counted, folders too, and weighed', async () => {
    await mkdir(join(folder, 'a', 'b'), { recursive: true });
    await writeFile(join(folder, 'a', 'b', 'new\nline'), Buffer.alloc(10_000));
    expect(await measureOutputs(folder, limits)).toEqual({ bytes: 12_288, entries: 3, strange: [], tooDeep: false });
  });

  it('F21: counts a sparse file with all it says it is', async () => {
    await writeFile(join(folder, 'sparse'), '');
    await truncate(join(folder, 'sparse'), 1e12);
    expect(isOver(await measureOutputs(folder, limits), limits)).toBe(true);
  });

  it('F21: is not counted to its end when it is too much', async () => {
    const script = 'cd "$1"; i=0; while [ $i -lt 100000 ]; do : > "$i"; i=$((i+1)); done';
    execFileSync('sh', ['-c', script, 'sh', folder]);
    const { entries } = await measureOutputs(folder, limits);
    expect(entries).toBeGreaterThan(1_000);
    expect(entries).toBeLessThan(1_100);
  });

  it('is looked at in portions, also where each folder holds little', async () => {
    await mkdir(join(folder, ...Array<string>(200).fill('deeper')), { recursive: true });
    let hadTurn = false;
    setImmediate(() => (hadTurn = true));
    const { entries } = await measureOutputs(folder, limits);
    expect([entries, hadTurn]).toEqual([200, true]);
  });

  it('F21 S12: is refused with the names of all that is neither file nor folder, and nothing hangs', async () => {
    await mkdir(join(folder, 'inner'));
    await writeFile(join(folder, 'inner', 'fine'), 'fine');
    await symlink('/etc/hostname', join(folder, 'inner', 'link'));
    await symlink('/etc', join(folder, 'door'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const server = createServer().listen(join(folder, 'socket'));
    await once(server, 'listening');
    const refused = refuseStrange(aPlugin(), folder, 'the log');
    await expect(refused).rejects.toMatchObject({ code: 'output-not-a-file', failureClass: 'job', log: 'the log' });
    const message = await refused.catch(messageOf);
    for (const name of ['"inner/link" (a link)', '"door" (a link)', '"pipe" (a pipe)', '"socket" (a socket)']) {
      expect(message).toContain(name);
    }
    server.close();
  });

  it('F21: names no more than ten offenders', async () => {
    for (let number = 0; number < 30; number += 1) await symlink('nowhere', join(folder, String(number)));
    expect((await measureOutputs(folder, limits)).strange).toHaveLength(10);
  });
});
