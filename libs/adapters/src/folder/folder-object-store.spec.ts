import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseLocation, type ObjectRef } from '@longshore/core';
import { objectStoreContract } from '@longshore/core/testing';
import { FolderObjectStore } from './folder-object-store.js';

async function newFolder(): Promise<string> {
  const root = join(await mkdtemp(join(tmpdir(), 'longshore-folder-')), 'with space #1');
  await mkdir(root);
  return root;
}

async function filesBelow(root: string): Promise<Map<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(files.map(async (path) => [path.slice(root.length + 1), await readFile(path, 'utf8')] as const)),
  );
}

const staging = '.longshore-staging';

objectStoreContract('a folder', async () => {
  const root = await newFolder();
  return {
    store: new FolderObjectStore(),
    other: new FolderObjectStore(),
    location: parseLocation(root),
    missing: parseLocation(join(root, 'nowhere')),
    put: async (key, content) => {
      await mkdir(dirname(join(root, key)), { recursive: true });
      await writeFile(join(root, key), content);
    },
    remove: (key) => rm(join(root, key)),
    visible: async () => {
      const found = await filesBelow(root);
      for (const name of found.keys()) if (name.startsWith(staging)) found.delete(name);
      return found;
    },
    stagedCount: async () => {
      const waiting = await readdir(join(root, staging)).catch(() => undefined);
      if (waiting?.length === 0) throw new Error('The staging area is empty and still there.');
      return waiting?.length ?? 0;
    },
    close: () => rm(dirname(root), { recursive: true, force: true }),
  };
});

describe('a folder as it is found in the wild', () => {
  const listed = async (root: string): Promise<ObjectRef[]> => {
    const found: ObjectRef[] = [];
    for await (const page of new FolderObjectStore().list(parseLocation(root))) found.push(...page);
    return found;
  };

  it('shows linked files and folders, and goes around in no circle', async () => {
    const root = await newFolder();
    await mkdir(join(root, 'real'));
    await writeFile(join(root, 'real', 'file'), 'x');
    await symlink(join(root, 'real', 'file'), join(root, 'linked-file'));
    await symlink(join(root, 'real'), join(root, 'linked-folder'));
    await symlink(root, join(root, 'real', 'circle'));
    expect((await listed(root)).map(({ key }) => key)).toEqual(['linked-file', 'linked-folder/file', 'real/file']);
    await rm(dirname(root), { recursive: true });
  });

  it('shows a link that leads nowhere, so that it fails by name, and no pipe', async () => {
    const root = await newFolder();
    await symlink('/nowhere/at/all', join(root, 'broken'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const [object, ...others] = await listed(root);
    expect(object).toMatchObject({ key: 'broken' });
    expect(others).toEqual([]);
    const read = async () => {
      for await (const chunk of new FolderObjectStore().read(parseLocation(root), object!)) expect(chunk).toBeDefined();
    };
    await expect(read()).rejects.toMatchObject({ code: 'input-missing', objectKey: 'broken' });
    await rm(dirname(root), { recursive: true });
  });

  it('refuses an output that would lie below a file, and names both kinds', async () => {
    const root = await newFolder();
    await writeFile(join(root, 'a'), 'a file');
    const path = join(dirname(root), 'output');
    await writeFile(path, 'x');
    const store = new FolderObjectStore();
    const location = parseLocation(root);
    const staged = await store.stage({ location, name: 'a/b', path });
    await expect(store.publish(location, staged)).rejects.toMatchObject({ code: 'output-collision' });
    await rm(dirname(root), { recursive: true });
  });

  it('is no folder when it is a file', async () => {
    const root = await newFolder();
    await writeFile(join(root, 'file'), '');
    await expect(listed(join(root, 'file'))).rejects.toMatchObject({ code: 'location-not-found' });
    await rm(dirname(root), { recursive: true });
  });
});
