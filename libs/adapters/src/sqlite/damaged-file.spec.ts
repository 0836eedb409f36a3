import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LongshoreError, type Task } from '@longshore/core';
import { aJobSpec, aNewTask, builtAt } from '@longshore/core/testing';
import { SqliteJobStore } from './index.js';

const places = 400;
/** Every opening is a file of its own on a disk that others use too. */
const longestMs = 240_000;
const taskCount = 120;

let folder: string;
let path: string;
let closed: Buffer;
/** A file and its journal as a kill leaves them: half of the tasks are in the journal alone. */
let killed: { file: Buffer; journal: Buffer };
let whole: Task[];

async function fill(store: SqliteJobStore, from: number): Promise<void> {
  const tasks = Array.from({ length: taskCount / 2 }, (_, index) => aNewTask(`task-${from + index}`, from + index));
  const listed = from + taskCount / 2;
  await store.recordScan('job', { tasks, objectsListed: listed, objectsSkipped: 0, done: from > 0 }, builtAt);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longshore-damaged-'));
  path = join(folder, 'state.db');
  const store = new SqliteJobStore(path);
  await store.createJob({ id: 'job', spec: aJobSpec(), createdAt: builtAt });
  await fill(store, 0);
  await store.close();
  const again = new SqliteJobStore(path);
  await fill(again, taskCount / 2);
  whole = await tasksOf(again);
  killed = { file: readFileSync(path), journal: readFileSync(`${path}-wal`) };
  await again.close();
  closed = readFileSync(path);
});

afterAll(() => rmSync(folder, { recursive: true }));

async function tasksOf(store: SqliteJobStore): Promise<Task[]> {
  return (await store.listTasks('job', { limit: 500 })).items;
}

function put(file: Buffer, journal?: Buffer): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  writeFileSync(path, file);
  if (journal) writeFileSync(`${path}-wal`, journal);
}

/** What an opening found, and what it did to a file that it refused. */
async function open(file: Buffer): Promise<{ error?: LongshoreError; tasks?: Task[] }> {
  let store: SqliteJobStore | undefined;
  try {
    store = new SqliteJobStore(path);
    return { tasks: await tasksOf(store) };
  } catch (thrown) {
    if (!(thrown instanceof LongshoreError)) throw thrown;
    if (!store) expect(file.equals(readFileSync(path))).toBe(true);
    return { error: thrown };
  } finally {
    await store?.close();
  }
}

/** The same numbers in every run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state;
  }
}

function flipped(file: Buffer, number: number): Buffer {
  const copy = Buffer.from(file);
  const at = number % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (number >>> 29));
  return copy;
}

/** Ids as far as a row still tells its own; a flipped bit in the middle of a value is the value's own affair. */
function knownOf(tasks: readonly Task[]): number {
  const ids = new Set(whole.map(({ id }) => id));
  return tasks.filter(({ id }) => ids.has(id)).length;
}

describe('a state file in which bits have flipped', () => {
  it(
    'D5: is refused and left as it is, or opened with everything that was committed but the one row',
    async () => {
      const random = numbers(20_261_121);
      const counts = { refused: 0, opened: 0 };
      for (let tries = 0; tries < places; tries += 1) {
        const damaged = flipped(closed, random.next().value as number);
        put(damaged);
        const { error, tasks } = await open(damaged);
        if (error) {
          counts.refused += 1;
          expect(error.code).toBe('state-damaged');
          expect(error.sentence).toMatch(/longshore restore|newer/);
        } else {
          counts.opened += 1;
          expect(knownOf(tasks ?? [])).toBeGreaterThanOrEqual(taskCount - 1);
        }
      }
      expect(counts.refused).toBeGreaterThan(10);
      expect(counts.opened).toBeGreaterThan(10);
    },
    longestMs,
  );

  it(
    'D5: is opened up to the last commit that is whole, where they are in the journal',
    async () => {
      const random = numbers(7);
      for (let tries = 0; tries < places / 5; tries += 1) {
        put(killed.file, flipped(killed.journal, random.next().value as number));
        const { tasks = [] } = await open(killed.file);
        expect([taskCount / 2, taskCount]).toContain(tasks.length);
        expect(tasks).toEqual(whole.slice(0, tasks.length));
      }
    },
    longestMs,
  );
});

describe('a state file of which a part is gone', () => {
  it(
    'D5: is refused and left as it is, wherever it was cut off',
    async () => {
      for (let bytes = 1; bytes < closed.length; bytes += 1_021) {
        const cut = closed.subarray(0, bytes);
        put(cut);
        const { error } = await open(cut);
        expect(error).toMatchObject({ code: 'state-damaged', remedy: expect.stringContaining('longshore restore') });
      }
    },
    longestMs,
  );

  it(
    'D5: is whole up to where the journal began, when the journal is gone',
    async () => {
      put(killed.file);
      expect((await open(killed.file)).tasks).toEqual(whole.slice(0, taskCount / 2));
      put(killed.file, killed.journal);
      expect((await open(killed.file)).tasks).toEqual(whole);
    },
    longestMs,
  );
});
