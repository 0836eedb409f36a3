/** A state file with one row that makes no sense: whatever it is, the orchestrator starts, shows it, and does everything else. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SqliteJobStore } from '@longshore/adapters/sqlite';
import { SystemChance, SystemClock } from '@longshore/adapters/system';
import { acceptManifest, assignmentId, grantLease, nextJobState, type Task } from '@longshore/core';
import type { JobAnswer, PageAnswer } from '@longshore/core/protocol';
import {
  aJobSpec,
  aManifest,
  aNewTask,
  aNotice,
  aPlugin,
  aWorker,
  MemoryObjectStore,
  MemoryScratch,
  RecordingNotifier,
} from '@longshore/core/testing';
import { OrchestratorConfig } from '../apps/orchestrator/src/configuration/orchestrator-config.js';
import { PluginCatalog } from '../apps/orchestrator/src/plugins/plugin-catalog.js';
import { serve } from '../apps/orchestrator/src/serve.js';

let folder: string;

/** Not valid for any column, or valid and wrong. */
const poison: SQLInputValue[] = [null, '{', '{}', '"x"', -1, 2 ** 52, new Uint8Array([0, 1, 2])];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-poison-'));
  await makeState(join(folder, 'whole.db'));
});

afterAll(() => rm(folder, { recursive: true }));

/** A job in every kind of trouble, and one that is well. */
async function makeState(path: string): Promise<void> {
  const store = new SqliteJobStore(path);
  const now = Date.now();
  for (const id of ['sick', 'well']) {
    await store.createJob({ id, spec: aJobSpec({ plugin: id }), createdAt: now });
    const notice = aNotice(`news of ${id}`);
    const start = { scan: 'running' as const, startedAt: now };
    await store.changeJob(id, (job) => ({
      job: { ...job, ...start, state: nextJobState(job.state, 'start') },
      tell: () => [notice],
    }));
    const tasks = Array.from({ length: id === 'sick' ? 3 : 1 }, (_, index) => aNewTask(`${id}-${index}`, index));
    await store.recordScan(id, { tasks, objectsListed: tasks.length, objectsSkipped: 0, done: true }, now);
    await store.claimOutputs(id, [{ name: 'out', objectKey: 'in' }]);
  }
  await store.saveWorker(aWorker({ id: 'old' }), { requestId: 'old request', at: now, answer: { body: {} } });
  const [first] = await store.leaseTasks({ plugins: ['sick'], now, limit: 2 }, (task: Task) =>
    grantLease(task, { assignmentId: assignmentId(task.id, 1), workerId: 'old', now, leaseMs: 60_000 }),
  );
  const accept = (task: Task) => ({ task: acceptManifest(task, 'old', 1, aManifest(task)) });
  await store.changeTask(first!.id, accept, now);
  await store.close();
}

/** Every column of every table that holds something of the sick job. */
function columns(): [string, string][] {
  const database = new DatabaseSync(join(folder, 'whole.db'));
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all() as { name: string }[];
  const found = tables.flatMap(({ name }) =>
    (database.prepare(`PRAGMA table_info(${name})`).all() as { name: string }[]).map((column): [string, string] => [
      name,
      column.name,
    ]),
  );
  database.close();
  return found;
}

/** Writes it into the first row, as nothing of Longshore ever would. @returns false where the file itself refuses it */
function spoil(path: string, [table, column]: [string, string], value: SQLInputValue): boolean {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  try {
    const [key] = database.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[];
    const first = `(SELECT ${key?.name} FROM ${table} ORDER BY 1 LIMIT 1)`;
    return database.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${key?.name} = ${first}`).run(value).changes > 0;
  } catch {
    return false;
  } finally {
    database.close();
  }
}

/** What does not work although it should. */
async function trouble(path: string): Promise<string | undefined> {
  const config = new OrchestratorConfig({ LONGSHORE_PORT: '0', LONGSHORE_STATE: folder });
  const plugins = new PluginCatalog(['sick', 'well'].map((name) => aPlugin({}, { name })));
  const objects = new MemoryObjectStore();
  objects.createBucket('results');
  const store = new SqliteJobStore(path);
  const world = {
    config,
    plugins,
    store,
    objects,
    scratch: new MemoryScratch(),
    clock: new SystemClock(),
    chance: new SystemChance(),
  };
  const channels = [{ name: 'mail', kind: 'mail' as const, notifier: new RecordingNotifier() }];
  const serving = await serve({ ...world, channels }, false).catch(async (thrown: unknown) => {
    await store.close();
    throw thrown;
  });
  try {
    const post = async (route: string, body: unknown) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(serving.url + route, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await response.json()) as Record<string, string>;
    };
    const get = async (route: string): Promise<unknown> => (await fetch(serving.url + route)).json();
    if ((await fetch(`${serving.url}/readyz`)).status !== 200) return 'it is not ready';
    // What is asked for makes it look at every task of the sick job.
    const sick = await post('/register', { hostname: 'here', plugin: 'sick' });
    await get(`/assignment/${sick.worker_id}`);
    await get('/api/v1/jobs/sick/tasks');
    const { worker_id } = await post('/register', { hostname: 'here', plugin: 'well' });
    const answer = (await get(`/assignment/${worker_id}`)) as { assignment?: { task_id?: string } };
    if (answer.assignment?.task_id !== 'well-0') return `the other job is not worked on: ${JSON.stringify(answer)}`;
    const { items } = (await get('/api/v1/jobs')) as PageAnswer<JobAnswer>;
    if (items?.length !== 2) return 'it does not show both jobs';
    const [, shown] = items;
    const isShown = shown?.failure?.code === 'state-damaged' && shown.failure.message.includes('cannot be read');
    if (shown?.state === 'failed' && !isShown) return `the job failed without saying so: ${JSON.stringify(shown)}`;
    return undefined;
  } finally {
    await serving.stop();
  }
}

describe('a row that makes no sense', () => {
  it('A9: keeps nothing but its own job from working, whichever column of whichever table it is', async () => {
    const found: string[] = [];
    let spoilt = 0;
    const path = join(folder, 'state.db');
    for (const place of columns()) {
      for (const value of poison) {
        await copyFile(join(folder, 'whole.db'), path);
        if (!spoil(path, place, value)) continue;
        spoilt += 1;
        const what = await trouble(path).catch((thrown: unknown) => `it does not start: ${String(thrown)}`);
        if (what !== undefined) found.push(`${place.join('.')} = ${JSON.stringify(value)}: ${what}`);
      }
    }
    expect(found).toEqual([]);
    expect(spoilt).toBeGreaterThan(80);
  });

  it.each([
    ['a job', 'UPDATE jobs SET body = substr(body, 1, 50) WHERE id = ?', 'sick', /Job sick cannot be read/],
    ['a task', "UPDATE tasks SET objects = x'00' WHERE id = ?", 'sick-2', /Task sick-2 of job sick cannot be read/],
    ['a lease', "UPDATE tasks SET worker_id = 'x' WHERE id = ?", 'sick-1', /columns contradict one another/],
  ])('A9: is shown as the reason why its job failed (%s)', async (_, change, id, sentence) => {
    const path = join(folder, 'state.db');
    await copyFile(join(folder, 'whole.db'), path);
    const database = new DatabaseSync(path);
    database.prepare(change).run(id);
    database.close();
    expect(await trouble(path)).toBeUndefined();
    const store = new SqliteJobStore(path);
    const job = await store.findJob('sick');
    await store.close();
    expect(job).toMatchObject({
      state: 'failed',
      failure: { code: 'state-damaged', message: expect.stringMatching(sentence) },
    });
  });
});
