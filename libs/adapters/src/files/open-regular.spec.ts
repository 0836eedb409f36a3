import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { link, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRegular } from './open-regular.js';

describe('opening what a container left', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'longshore-open-')));
    await mkdir(join(folder, 'real'));
    await writeFile(join(folder, 'real', 'new\nline ü'), 'content');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('reads a regular file under any name, also one that has a second name', async () => {
    await using file = await openRegular(join(folder, 'real', 'new\nline ü'), folder);
    expect(await file.readFile('utf8')).toBe('content');
    await link(join(folder, 'real', 'new\nline ü'), join(folder, 'twin'));
    await using twin = await openRegular(join(folder, 'twin'));
    expect(await twin.readFile('utf8')).toBe('content');
  });

  it('follows folders that are links, as a user may have made them, unless they lead out of where it has to stay', async () => {
    await symlink(join(folder, 'real'), join(folder, 'door'));
    const path = join(folder, 'door', 'new\nline ü');
    for (const within of [undefined, folder, join(folder, 'door')]) await (await openRegular(path, within)).close();
  });

  it('F21 S12: refuses a link, a folder that leads out, a pipe and a folder, and hangs on none', async () => {
    await symlink('/etc/hostname', join(folder, 'link'));
    await symlink('/etc', join(folder, 'door'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    for (const name of ['link', join('door', 'passwd'), 'pipe', 'real', '/dev/null']) {
      const path = name.startsWith('/') ? name : join(folder, name);
      await expect(openRegular(path, folder)).rejects.toMatchObject({ code: 'output-not-a-file', failureClass: 'job' });
    }
  });
});
