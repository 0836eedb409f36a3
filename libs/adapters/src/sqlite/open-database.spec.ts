import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { aJobSpec, aNewTask, builtAt } from '@longshore/core/testing';
import { SqliteJobStore } from './index.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-state-'));
  path = join(folder, 'state.db');
});

afterEach(() => rm(folder, { recursive: true }));

/** A state file with some hundred tasks in it, closed. */
async function filledFile(): Promise<Buffer> {
  const store = new SqliteJobStore(path);
  await store.createJob({ id: 'job', spec: aJobSpec(), createdAt: builtAt });
  const tasks = Array.from({ length: 300 }, (_, index) => aNewTask(`task-${index}`, index * 10, 10));
  await store.recordScan('job', { tasks, objectsListed: 3_000, objectsSkipped: 0, done: true }, builtAt);
  await store.close();
  return readFile(path);
}

function opening(): Promise<unknown> {
  try {
    return new SqliteJobStore(path).close();
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}

describe('opening a state file', () => {
  it('makes one where none is, in a folder that only this user may enter', async () => {
    path = join(folder, 'new', 'deeper', 'state.db');
    await opening();
    expect((await stat(path)).isFile()).toBe(true);
    expect((await stat(join(folder, 'new'))).mode & 0o777).toBe(0o700);
  });

  it('leaves nothing but the file itself behind when it is closed', async () => {
    await filledFile();
    expect(await readdir(folder)).toEqual(['state.db']);
  });

  it('names the file and the setting when it may not be opened at all', async () => {
    path = folder;
    await expect(opening()).rejects.toMatchObject({
      code: 'invalid-configuration',
      message: expect.stringContaining(folder),
      remedy: expect.stringContaining('LONGSHORE_STATE'),
    });
  });

  type Damage = (file: Buffer) => Buffer;
  it.each<[string, Damage]>([
    ['is something else', () => Buffer.from('a text that somebody named like a state file\n'.repeat(200))],
    ['is shorter than a header', () => Buffer.from('short')],
    ['ends in the middle', (file) => file.subarray(0, file.length / 2)],
    ['ends in the middle of a page', (file) => file.subarray(0, 4_096 * 3 + 100)],
    ['ends after its first page', (file) => file.subarray(0, 4_096)],
    ['has lost its header', (file) => file.fill(0, 0, 100)],
    ['has lost its schema', (file) => file.fill(0xff, 100, 4_096)],
    ['has lost pages of its middle', (file) => file.fill(0xff, file.length / 4, file.length / 2)],
  ])('refuses one that %s, and leaves it as it is', async (_, damage) => {
    const damaged = damage(await filledFile());
    await writeFile(path, damaged);
    await expect(opening()).rejects.toMatchObject({ code: 'state-damaged', message: expect.stringContaining(path) });
    expect(damaged.equals(await readFile(path))).toBe(true);
    expect(await readdir(folder)).toEqual(['state.db']);
  });

  it('refuses one that a newer Longshore has written, and leaves it as it is', async () => {
    await filledFile();
    change('PRAGMA user_version = 99');
    const newer = await readFile(path);
    await expect(opening()).rejects.toMatchObject({
      code: 'state-damaged',
      message: expect.stringMatching(/newer Longshore \(schema 99\)/),
    });
    expect(newer.equals(await readFile(path))).toBe(true);
  });

  it('refuses the database of another program, and leaves it as it is', async () => {
    change('CREATE TABLE recipes (name TEXT)');
    const foreign = await readFile(path);
    await expect(opening()).rejects.toMatchObject({
      code: 'state-damaged',
      message: expect.stringContaining('tables of another program'),
    });
    expect(foreign.equals(await readFile(path))).toBe(true);
  });

  it('syncs every commit to the disk', async () => {
    const store = new SqliteJobStore(path);
    const { database } = store as unknown as { database: DatabaseSync };
    const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('locking_mode')]).toEqual(['wal', 2, 'exclusive']);
    await store.close();
  });
});

function change(statement: string): void {
  const database = new DatabaseSync(path);
  database.exec(statement);
  database.close();
}
