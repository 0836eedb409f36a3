import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyFolder } from './remove-tree.js';

const nobody = 65_534;

describe('removing what a container left', () => {
  let folder: string;
  let outputs: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-remove-'));
    await chmod(folder, 0o777);
    outputs = join(folder, 'outputs');
    await mkdir(outputs);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('D11: takes apart what belongs to others, is closed to everybody, or has a name of two lines', async () => {
    for (const name of ['closed', 'new\nline', ' ', '-rf', 'ünï']) {
      await mkdir(join(outputs, name, 'deeper'), { recursive: true });
      await writeFile(join(outputs, name, 'deeper', 'file'), 'content', { mode: 0 });
      if (process.getuid?.() === 0) await chown(join(outputs, name, 'deeper'), 12_345, 54_321);
      await chmod(join(outputs, name, 'deeper'), 0);
      await chmod(join(outputs, name), 0);
    }
    await emptyFolder(outputs);
    expect(await readdir(outputs)).toEqual([]);
  });

  it('D11: needs no root for what its own user closed', async () => {
    const asRoot = process.geteuid?.() === 0;
    if (asRoot) {
      process.setegid?.(nobody);
      process.seteuid?.(nobody);
    }
    try {
      const own = join(folder, 'own');
      await mkdir(join(own, 'a', 'b'), { recursive: true });
      await writeFile(join(own, 'a', 'b', 'file'), '', { mode: 0 });
      for (const closed of [join(own, 'a', 'b'), join(own, 'a'), own]) await chmod(closed, 0);
      await emptyFolder(own);
      expect(await readdir(own)).toEqual([]);
    } finally {
      if (asRoot) {
        process.seteuid?.(0);
        process.setegid?.(0);
      }
    }
  });

  it('D11: takes apart 10,000 folders in one another, deeper than any path reaches', async () => {
    const script =
      'for (let i = 0; i < 10000; i += 1) { fs.mkdirSync("deeper-and-deeper"); process.chdir("deeper-and-deeper"); }';
    execFileSync(process.execPath, ['-e', script], { cwd: outputs });
    await emptyFolder(outputs);
    expect(await readdir(outputs)).toEqual([]);
  });

  it('D11: removes 20,000 files without opening them all at once', async () => {
    execFileSync('sh', ['-c', 'cd "$1"; i=0; while [ $i -lt 20000 ]; do : > "$i"; i=$((i+1)); done', 'sh', outputs]);
    await emptyFolder(outputs);
    expect(await readdir(outputs)).toEqual([]);
  });

  it('S12: follows no link', async () => {
    await writeFile(join(folder, 'precious'), 'precious');
    await mkdir(join(folder, 'house'));
    await writeFile(join(folder, 'house', 'inside'), 'inside');
    await symlink(join(folder, 'precious'), join(outputs, 'link'));
    await symlink(join(folder, 'house'), join(outputs, 'door'));
    await emptyFolder(outputs);
    expect(await readFile(join(folder, 'precious'), 'utf8')).toBe('precious');
    expect(await readdir(join(folder, 'house'))).toEqual(['inside']);
  });
});
