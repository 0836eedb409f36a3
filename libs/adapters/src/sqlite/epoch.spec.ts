import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  acceptManifest,
  assignmentId,
  completeTask,
  grantLease,
  heldLease,
  lookAtJob,
  nextJobState,
  type Task,
} from '@longshore/core';
import { aJobSpec, aManifest, aNewTask, aPlugin, builtAt, MemoryObjectStore } from '@longshore/core/testing';
import { restoreState, SqliteJobStore } from './index.js';

let folder: string;
let path: string;
let store: SqliteJobStore;
let backups = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-state-'));
  path = join(folder, 'state.db');
  store = new SqliteJobStore(path);
  await store.createJob({ id: 'job', spec: aJobSpec(), createdAt: builtAt });
  await store.changeJob('job', (job) => ({ job: { ...job, state: nextJobState(job.state, 'start') } }));
  const tasks = Array.from({ length: 4 }, (_, index) => aNewTask(`task-${index}`, index));
  await store.recordScan('job', { tasks, objectsListed: 4, objectsSkipped: 0, done: true }, builtAt);
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

function lease(limit: number): Promise<Task[]> {
  const [workerId, now, leaseMs] = ['worker', builtAt, 1_000];
  return store.leaseTasks({ plugins: ['echo'], now: Date.now(), limit }, (task) =>
    grantLease(task, { assignmentId: assignmentId(task.id, task.fence + 1), workerId, now, leaseMs }),
  );
}

async function complete({ id, fence }: Task): Promise<void> {
  const accept = (task: Task) => ({ task: acceptManifest(task, 'worker', fence, aManifest(task)) });
  await store.changeTask(id, accept, builtAt);
  const attempt = { outcome: 'completed' } as const;
  await store.changeTask(id, (task) => ({ task: completeTask(task, builtAt), attempt }), builtAt);
}

function expire({ id }: Task): Promise<Task> {
  const attempt = { outcome: 'expired' } as const;
  return store.changeTask(
    id,
    ({ lease: _over, ...task }) => ({ task: { ...task, state: 'available', availableAt: 0 }, attempt }),
    builtAt,
  );
}

async function backUp(): Promise<string> {
  const target = join(folder, `backup-${(backups += 1)}.db`);
  await store.copyTo(target);
  return target;
}

async function restored(source: string): Promise<string | undefined> {
  await store.close();
  const former = restoreState(source, path);
  store = new SqliteJobStore(path);
  return former;
}

async function broken() {
  const ground = { store, objects: new MemoryObjectStore(), pluginOf: () => aPlugin() };
  return lookAtJob((await store.findJob('job'))!, ground, { depth: 'none' });
}

describe('a state that was restored', () => {
  it('D13 I4: never issues a fence again that was issued after the backup, and refuses who holds one', async () => {
    const [first] = await lease(1);
    const source = await backUp();
    await expire(first!);
    const later = await lease(4);
    expect(later.map(({ fence }) => fence)).toEqual([2, 1, 1, 1]);
    await complete(later[0]!);

    await restored(source);
    expect(await broken()).toEqual(new Map());
    expect(await store.heldTasks()).toEqual([]);
    for (const { id, fence } of later) {
      const task = (await store.findTask(id))!;
      expect(() => heldLease(task, 'worker', fence)).toThrow(expect.objectContaining({ code: 'stale-fence' }));
    }
    const again = await lease(4);
    expect(again.map(({ fence }) => fence % 1_000_000)).toEqual([1, 1, 1, 1]);
    for (const { fence } of again) expect(fence).toBeGreaterThan(1_000_000);
    for (const task of again) await complete(task);
    expect(await broken()).toEqual(new Map());
    expect((await store.findJob('job'))!.counts.tasks).toMatchObject({ completed: 4, available: 0, leased: 0 });
  });

  it('D13: begins one epoch, however often it is started, and another one when it is restored again', async () => {
    const source = await backUp();
    await restored(source);
    const [task] = await lease(1);
    await store.close();
    store = new SqliteJobStore(path);
    expect(await store.heldTasks()).toMatchObject([{ id: task!.id, fence: task!.fence }]);
    await restored(await backUp());
    const [second] = await lease(1);
    expect([second!.id, second!.fence >= task!.fence + 1_000_000]).toEqual([task!.id, true]);
  });

  it('D13 I4: issues no fence twice although one backup is restored twice', async () => {
    const source = await backUp();
    await restored(source);
    const [first] = await lease(1);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await restored(source);
    const [second] = await lease(1);
    expect([second!.id, second!.fence > first!.fence]).toEqual([first!.id, true]);
  });

  it('D13: keeps what lay in its place, journal and all', async () => {
    const source = await backUp();
    const former = await restored(source);
    expect(former).toMatch(/state\.db\.before-/);
    const kept = new SqliteJobStore(former!);
    expect((await kept.listTasks('job', { limit: 10 })).items).toHaveLength(4);
    await kept.close();
  });

  it('D13: is not made of a file that is no backup, and then everything stays as it was', async () => {
    const source = join(folder, 'no-backup.db');
    await writeFile(source, 'something else'.repeat(1_000));
    await store.close();
    const before = await readFile(path);
    expect(() => restoreState(source, path)).toThrow(expect.objectContaining({ code: 'state-damaged' }));
    expect(before.equals(await readFile(path))).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['no-backup.db', 'state.db']);
    store = new SqliteJobStore(path);
  });

  it('D13: is a whole copy although the state changed all the while it was made', async () => {
    let isCopying = true;
    let made = 0;
    const busy = (async () => {
      for (; isCopying; made += 1) {
        const id = `more-${made}`;
        await store.createJob({ id, spec: aJobSpec({ params: { filler: 'x'.repeat(5_000) } }), createdAt: builtAt });
      }
    })();
    while (made < 300) await new Promise((resolve) => setImmediate(resolve));
    const source = await backUp();
    isCopying = false;
    await busy;
    await restored(source);
    let count = 0;
    for (let number = 0; number < made; number += 1) if (await store.findJob(`more-${number}`)) count += 1;
    expect(count).toBeGreaterThanOrEqual(300);
    for (let number = 0; number < count; number += 1) expect(await store.findJob(`more-${number}`)).toBeDefined();
  });
});
