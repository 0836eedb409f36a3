import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keyAt, parseLocation, type Location, type ObjectRef } from '@longshore/core';
import { objectStoreContract, type ObjectStoreSubject } from '@longshore/core/testing';
import { FolderObjectStore } from './folder-object-store.js';

const staging = '.longshore-staging';

async function newFolder(): Promise<string> {
  const root = join(await mkdtemp(join(tmpdir(), 'longshore-folder-')), 'with space #1%20');
  await mkdir(root);
  return root;
}

async function subjectAt(prefix: string): Promise<ObjectStoreSubject> {
  const root = await newFolder();
  const location = { ...parseLocation(root), prefix };
  const pathOf = (name: string) => join(root, keyAt(location, name));
  const entries = async () => readdir(root, { recursive: true, withFileTypes: true });
  return {
    store: new FolderObjectStore(),
    other: new FolderObjectStore(),
    location,
    missing: parseLocation(join(root, 'nowhere')),
    put: async (name, content) => {
      await mkdir(dirname(pathOf(name)), { recursive: true });
      const temporary = await mkdtemp(join(dirname(root), 'put-'));
      await writeFile(join(temporary, 'content'), content);
      await rename(join(temporary, 'content'), pathOf(name));
    },
    remove: (name) => rm(pathOf(name)),
    readPublished: (name) => readFile(pathOf(name)).catch(() => undefined),
    listPublished: async () => {
      const files = (await entries()).filter((entry) => entry.isFile() && !entry.parentPath.endsWith(staging));
      return files.map((entry) => join(entry.parentPath, entry.name).slice(join(root, prefix, '/').length));
    },
    leftovers: async () => {
      const empty = async (path: string) => (await readdir(path)).length === 0;
      const found: string[] = [];
      for (const entry of await entries()) {
        const path = join(entry.parentPath, entry.name);
        if (path.includes(staging) || (entry.isDirectory() && (await empty(path)))) found.push(path);
      }
      return found;
    },
    close: () => rm(dirname(root), { recursive: true, force: true }),
  };
}

objectStoreContract('a folder', () => subjectAt(''));
objectStoreContract('a prefix in a folder', () => subjectAt('some/prefix/'));

describe('a folder as it is found in the wild', () => {
  const store = new FolderObjectStore();
  let root: string;
  let location: Location;

  beforeEach(async () => {
    root = await newFolder();
    location = parseLocation(root);
  });
  afterEach(() => rm(dirname(root), { recursive: true, force: true }));

  const write = async (name: string, content = 'x') => {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  };
  const list = async (): Promise<ObjectRef[]> => (await Array.fromAsync(store.list(location))).flat();
  const keys = async () => (await list()).map(({ key }) => key);
  const read = async (object: ObjectRef) => Buffer.concat(await Array.fromAsync(store.read(location, object)));
  const outside = async (content: string) => {
    const path = join(dirname(root), 'output');
    await writeFile(path, content);
    return path;
  };
  const stage = async (name: string) => store.stage({ location, name, path: await outside('x') });

  it('shows linked files and folders, and goes around in no circle', async () => {
    await write('real/file');
    await symlink(join(root, 'real', 'file'), join(root, 'linked-file'));
    await symlink(join(root, 'real'), join(root, 'linked-folder'));
    await symlink(root, join(root, 'real', 'circle'));
    expect(await keys()).toEqual(['linked-file', 'linked-folder/file', 'real/file']);
    for (const object of await list()) expect(String(await read(object))).toBe('x');
  });

  it.each([
    ['to nothing', '/nowhere/at/all'],
    ['to itself', 'broken'],
  ])('shows a link %s, so that it fails by name', async (_, target) => {
    await symlink(target, join(root, 'broken'));
    const [object] = await list();
    expect(object).toMatchObject({ key: 'broken' });
    await expect(read(object!)).rejects.toMatchObject({ code: 'input-missing', objectKey: 'broken' });
  });

  it('shows no pipe, also behind a link, and hangs on none that took the place of an object', async () => {
    await write('object');
    const [object] = await list();
    await rm(join(root, 'object'));
    execFileSync('mkfifo', [join(root, 'object')]);
    await symlink(join(root, 'object'), join(root, 'link'));
    expect(await list()).toEqual([]);
    await expect(read(object!)).rejects.toMatchObject({ code: 'input-changed' });
  });

  it('shows a name that is no valid text, so that it is refused by name', async () => {
    execFileSync('sh', ['-c', 'printf x > "$(printf \'bad\\377\')"'], { cwd: root });
    expect(await keys()).toEqual(['bad\uFFFD']);
    await expect(read((await list())[0]!)).rejects.toMatchObject({ code: 'name-refused' });
  });

  it('shows nothing that waits to be published, of other jobs neither', async () => {
    await write(`inner/${staging}/waiting`);
    await stage('result');
    expect(await keys()).toEqual([]);
  });

  it('says that an object is gone when its folder became a file', async () => {
    await write('folder/object');
    const [object] = await list();
    await rm(join(root, 'folder'), { recursive: true });
    await write('folder');
    await expect(read(object!)).rejects.toMatchObject({ code: 'input-missing' });
  });

  it('notices that an object was written over in place, also while it is read', async () => {
    await write('object', 'one');
    const [object] = await list();
    const content = store.read(location, object!)[Symbol.asyncIterator]();
    expect(String((await content.next()).value)).toBe('one');
    await write('object', 'two');
    await utimes(join(root, 'object'), new Date(), new Date(Date.now() + 1_000));
    await expect(content.next()).rejects.toMatchObject({ code: 'input-changed' });
    await expect(read(object!)).rejects.toMatchObject({ code: 'input-changed' });
  });

  it('is no folder when it is a file', async () => {
    await write('file');
    for (const below of ['file', 'file/below']) {
      const nowhere = parseLocation(join(root, below));
      await expect(Array.fromAsync(store.list(nowhere))).rejects.toMatchObject({ code: 'location-not-found' });
      const request = { location: nowhere, name: 'a', path: await outside('x') };
      await expect(store.stage(request)).rejects.toMatchObject({ code: 'location-not-found' });
    }
  });

  it('is made when the first output is staged', async () => {
    const fresh = parseLocation(join(root, 'not', 'yet'));
    const staged = await store.stage({ location: fresh, name: 'a/b', path: await outside('x') });
    await store.publish(fresh, staged);
    expect(await keys()).toEqual(['not/yet/a/b']);
  });

  it('refuses an output where a file lies in the place of its folder, and the other way round', async () => {
    await write('file');
    await write('folder/file');
    for (const [name, fault] of [
      ['file/below', `${join(root, 'file')} is a file where a folder is needed`],
      ['folder', `${join(root, 'folder')} is a folder`],
    ] as const) {
      const message = `The output "${name}" has no place: ${fault}.`;
      await expect(stage(name)).rejects.toMatchObject({ code: 'output-collision', message });
    }
    expect(await readdir(root)).toEqual(['file', 'folder']);
  });

  it('refuses to publish where a file came to lie in the place of a folder meanwhile', async () => {
    const staged = await stage('name/below');
    await write('name');
    await expect(store.publish(location, staged)).rejects.toMatchObject({ code: 'output-collision' });
    await rm(join(root, 'name'));
    await store.publish(location, staged);
    expect(await keys()).toEqual(['name/below']);
  });

  it('never follows a link out of the folder with an output', async () => {
    await mkdir(join(dirname(root), 'elsewhere'));
    await symlink(join(dirname(root), 'elsewhere'), join(root, 'link'));
    await expect(stage('link/result')).rejects.toMatchObject({ code: 'output-collision' });
    await write('elsewhere', 'kept');
    await symlink(join(root, 'elsewhere'), join(root, 'result'));
    await store.publish(location, await stage('result'));
    expect(await readFile(join(root, 'elsewhere'), 'utf8')).toBe('kept');
    expect(await readdir(join(dirname(root), 'elsewhere'))).toEqual([]);
  });

  it('takes no output into its staging folder', async () => {
    await expect(stage(`${staging}/result`)).rejects.toMatchObject({ code: 'name-refused' });
    await expect(stage(`a/${staging}/b`)).rejects.toMatchObject({ code: 'name-refused' });
  });

  it('publishes files that others may read', async () => {
    await store.publish(location, await stage('result'));
    expect((await stat(join(root, 'result'))).mode & 0o777).toBe(0o644 & ~process.umask());
  });

  it('stages and publishes many outputs at once, while the staging folder comes and goes', async () => {
    const names = Array.from({ length: 200 }, (_, number) => `${number % 5}/${number}`);
    await Promise.all(names.map(async (name) => store.publish(location, await stage(name))));
    expect((await keys()).toSorted()).toEqual(names.toSorted());
    expect(await readdir(root)).not.toContain(staging);
  });
});
