import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { failure } from '@longshore/core';
import { aJobSpec, aTask, builtAt } from '@longshore/core/testing';
import { SqliteJobStore } from './index.js';
import { pack } from './packing.js';
import { migrations } from './schema.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-migration-'));
  path = join(folder, 'state.db');
});

afterEach(() => rm(folder, { recursive: true }));

/** A state as the first version of the schema kept it: one job with one task. */
function writeOldState(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; ${migrations[0]} PRAGMA user_version = 1`);
  const spec = aJobSpec();
  const job = { id: 'job', spec, state: 'pending', scan: 'pending', objectsListed: 1, objectsSkipped: 0, createdAt: 1 };
  database
    .prepare("INSERT INTO jobs (id, plugin, state, body) VALUES ('job', 'echo', 'pending', ?)")
    .run(JSON.stringify(job));
  const count = database.prepare("INSERT INTO job_counts VALUES ('job', ?, ?, ?, ?)");
  for (const state of ['available', 'leased', 'accepted', 'completed', 'dead', 'split', 'cancelled']) {
    const one = state === 'available' ? 1 : 0;
    count.run(state, one, one, one * 100);
  }
  const { objects, failedAttempts, losses, maxAttempts, maxLosses, createdAt } = aTask();
  database
    .prepare(
      `INSERT INTO tasks (id, job_id, position, state, available_at, fence, objects, body)
       VALUES ('task', 'job', 0, 'available', ?, 0, ?, ?)`,
    )
    .run(builtAt, pack(objects), JSON.stringify({ failedAttempts, losses, maxAttempts, maxLosses, createdAt }));
  database.close();
}

/** Opens the file in a process of its own that is killed at a call; the calls it made, and whether it died. */
async function openKilledAt(point: string | undefined): Promise<{ calls: string[]; killed: boolean }> {
  const [sources, program] = ['./testing/sources.mjs', './testing/open-store.mjs'].map((file) =>
    fileURLToPath(new URL(file, import.meta.url)),
  );
  const log = join(folder, 'calls');
  const inject = point?.replace(':', ':signal=SIGKILL:when=');
  const options = ['-D', '-f', '-qq', '-o', log, '-e', 'trace=pwrite64,fsync', '-P', path, '-P', `${path}-wal`];
  if (inject !== undefined) options.push('-e', `inject=${inject}`);
  const child = spawn('strace', [...options, process.execPath, '--import', sources!, program!, path], {
    stdio: 'ignore',
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`It ended with ${code ?? signal}.`);
  return { calls: (await readFile(log, 'utf8')).match(/pwrite64|fsync/g) ?? [], killed: signal === 'SIGKILL' };
}

describe('a state file of an older version', () => {
  it('D6: is brought to this one whole or not at all, whichever sync or write its process is killed at', async () => {
    const old = join(folder, 'old.db');
    writeOldState(old);
    await copyFile(old, path);
    const { calls } = await openKilledAt(undefined);
    const count = (call: string) => calls.filter((made) => made === call).length;
    const points = [
      ...Array.from({ length: count('fsync') }, (_, index) => `fsync:${index + 1}`),
      ...Array.from({ length: Math.ceil(count('pwrite64') / 5) }, (_, index) => `pwrite64:${index * 5 + 1}`),
    ];
    expect(points.length).toBeGreaterThan(8);
    let deaths = 0;
    for (const point of points) {
      await rm(`${path}-wal`, { force: true });
      await copyFile(old, path);
      deaths += (await openKilledAt(point)).killed ? 1 : 0;
      const store = new SqliteJobStore(path);
      expect(await store.findJob('job')).toMatchObject({ id: 'job', counts: { tasks: { available: 1 } } });
      expect(await store.findTask('task')).toMatchObject({ state: 'available', objects: aTask().objects });
      expect(await store.listAttempts('task')).toEqual([]);
      await store.close();
      const database = new DatabaseSync(path);
      expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: migrations.length });
      database.close();
    }
    expect(deaths).toBe(points.length);
    // One process for each of them, on a machine that may have other work.
  }, 240_000);

  it('is told of as if the newer columns had always been there: jobs are found, dead letters have their cause', async () => {
    writeOldState(path);
    const database = new DatabaseSync(path);
    const why = failure('command-failed', 'The command ended with exit code 3 on "in/a".');
    database
      .prepare("UPDATE tasks SET state = 'dead', body = json_set(body, '$.failure', json(?))")
      .run(JSON.stringify(why));
    database.prepare("UPDATE job_counts SET tasks = (state = 'dead'), objects = (state = 'dead')").run();
    database.close();
    const store = new SqliteJobStore(path);
    const { insight } = store;
    expect(await insight.searchJobs({ limit: 9, search: 'S3://IMAGES/in' })).toMatchObject({
      total: 1,
      items: [{ id: 'job' }],
    });
    expect(await insight.jobsByDay(0)).toEqual([{ day: '1970-01-01', count: 1 }]);
    const { items } = await insight.failureGroups('job', { limit: 9 });
    expect(items).toMatchObject([
      { code: 'command-failed', tasks: 1, objects: 1, refused: 1, exampleTaskId: 'task', example: why.message },
    ]);
    const letters = await insight.deadLetters('job', { limit: 9, group: items[0]!.id });
    expect(letters.items).toMatchObject([{ id: 'task', objectCount: 1, failure: why }]);
    await store.close();
  });

  it('keeps what waits in its outbox, in the words that were found for it, and nothing that was sent', async () => {
    writeOldState(path);
    const database = new DatabaseSync(path);
    const put = database.prepare('INSERT INTO outbox (id, due_at, sent_at, failures, body) VALUES (?, ?, ?, ?, ?)');
    const words = { subject: 'Job 1 failed', text: 'Two are dead.' };
    put.run('job-ended:1', 5, null, 3, JSON.stringify({ id: 'job-ended:1', ...words }));
    put.run('job-ended:2', 6, null, 0, '{');
    put.run('job-ended:3', 0, 9, 0, JSON.stringify({ id: 'job-ended:3', ...words }));
    database.close();
    const store = new SqliteJobStore(path);
    const { items } = await store.outbox.list({ limit: 9 });
    expect(items).toMatchObject([
      {
        id: 'job-ended:2',
        news: { event: 'earlier', facts: { earlier: { text: expect.stringMatching(/cannot be read/) } } },
      },
      {
        id: 'job-ended:1',
        channel: 'mail',
        state: 'waiting',
        failures: 3,
        dueAt: 5,
        news: { facts: { earlier: words } },
      },
    ]);
    await store.close();
  });

  it('D6: is refused by an older program once it was brought to a newer version', async () => {
    writeOldState(path);
    await new SqliteJobStore(path).close();
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    database.close();
    expect(() => new SqliteJobStore(path)).toThrow(
      expect.objectContaining({ code: 'state-damaged', message: expect.stringContaining('newer Longshore') }),
    );
  });
});
