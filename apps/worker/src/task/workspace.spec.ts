import {
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Workspace, type SlotFolders } from './workspace.js';

describe('a workspace', () => {
  let home: string;
  let mounted: SlotFolders;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'longshore-workspace-'));
    mounted = await Workspace.prepare(home);
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('shows its inputs to the container only while it is mounted, in the same folders for every task', async () => {
    const before = (await stat(mounted.inputs)).ino;
    await using one = await Workspace.open(mounted, 0);
    await using other = await Workspace.open(mounted, 0);
    await mkdir(join(one.inputs, 'sub'));
    await writeFile(join(one.inputs, 'sub/a'), 'A');
    await writeFile(join(other.inputs, 'b'), 'B');
    expect(await readdir(mounted.inputs)).toEqual([]);
    {
      await using _ = await one.mount();
      expect(await readFile(join(mounted.inputs, 'sub/a'), 'utf8')).toBe('A');
      expect(await readdir(mounted.inputs)).toEqual(['sub']);
    }
    {
      await using _ = await other.mount();
      expect(await readdir(mounted.inputs)).toEqual(['b']);
    }
    expect([await readdir(mounted.inputs), (await stat(mounted.inputs)).ino]).toEqual([[], before]);
  });

  it('takes what a command left out of the mounted folder as it is: links, closed folders, names that are no text', async () => {
    await using workspace = await Workspace.open(mounted, 0);
    const odd = Buffer.from([0x66, 0xff, 0xfe]);
    {
      await using _ = await workspace.mount();
      await symlink('/etc/passwd', join(mounted.outputs, 'link'));
      execFileSync('mkfifo', [join(mounted.outputs, 'pipe')]);
      await mkdir(join(mounted.outputs, 'closed'));
      await writeFile(join(mounted.outputs, 'closed/inside'), 'x');
      execFileSync('chmod', ['0', join(mounted.outputs, 'closed')]);
      await writeFile(Buffer.concat([Buffer.from(`${mounted.outputs}/`), odd]), 'odd');
      execFileSync('chmod', ['0', mounted.outputs]);
    }
    expect(await readdir(mounted.outputs)).toEqual([]);
    const names = (await readdir(workspace.outputs, { encoding: 'buffer' })).map((name) => name.toString('hex'));
    expect(names.sort()).toEqual(
      [Buffer.from('link'), Buffer.from('pipe'), Buffer.from('closed'), odd].map((name) => name.toString('hex')).sort(),
    );
    expect(await readlink(join(workspace.outputs, 'link'))).toBe('/etc/passwd');
    expect((await lstat(join(workspace.outputs, 'closed'))).mode & 0o777).toBe(0);
  });

  it('is out of reach of a path that a process kept, and leaves nothing of an earlier command to the next', async () => {
    await using workspace = await Workspace.open(mounted, 0);
    {
      await using _ = await workspace.mount();
      await writeFile(join(mounted.outputs, 'result'), 'right');
    }
    // A process that outlives its command finds nothing under the path it had.
    await expect(open(join(mounted.outputs, 'result'), 'r+')).rejects.toMatchObject({ code: 'ENOENT' });
    await writeFile(join(mounted.outputs, 'late'), 'late');
    await using next = await Workspace.open(mounted, 0);
    await using _ = await next.mount();
    expect([await readdir(mounted.outputs), await readFile(join(workspace.outputs, 'result'), 'utf8')]).toEqual([
      [],
      'right',
    ]);
  });

  it('can be written to by the container in its outputs only, and seen by nobody else', async () => {
    await using workspace = await Workspace.open(mounted, 0);
    await using _ = await workspace.mount();
    const modes = await Promise.all(
      [mounted.inputs, mounted.outputs, workspace.outputs, join(home, 'workspaces')].map(
        async (path) => (await stat(path)).mode & 0o777,
      ),
    );
    expect(modes).toEqual([0o755, 0o700, 0o700, 0o700]);
  });

  it('is gone when it is left, whatever lies in it', async () => {
    {
      await using workspace = await Workspace.open(mounted, 0);
      await mkdir(join(workspace.outputs, 'deep/er'), { recursive: true });
    }
    expect(await readdir(join(home, 'workspaces'))).toEqual([]);
  });
});
