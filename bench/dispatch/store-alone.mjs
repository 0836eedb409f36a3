/** What the state file allows: the same changes in the same turns, without HTTP, decisions of the orchestrator, or anybody who watches. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { SqliteJobStore } from '@longshore/adapters/sqlite';
import { acceptManifest, assignmentId, completeTask, grantLease } from '@longshore/core';
import { noOpManifest } from './no-op-manifest.mjs';
import { storeJob } from './stored-job.mjs';

const leaseMs = 60_000;

export async function storeRate(bench, { workers, size, tasks }) {
  const folder = await bench.temporary();
  await storeJob(folder, tasks);
  const store = new SqliteJobStore(path.join(folder, 'state.db'));
  try {
    const ids = await Promise.all(Array.from({ length: workers }, () => register(store)));
    const begun = performance.now();
    const done = await Promise.all(ids.map((id) => takeTurns(store, id, size)));
    const seconds = (performance.now() - begun) / 1000;
    const total = done.reduce((sum, count) => sum + count, 0);
    if (total !== tasks) throw new Error(`${total} of ${tasks} tasks were done`);
    return tasks / seconds;
  } finally {
    await store.close();
  }
}

async function register(store) {
  const now = Date.now();
  const id = randomUUID();
  const worker = {
    id,
    hostname: 'alone',
    capabilities: [],
    slots: 1,
    state: 'idle',
    registeredAt: now,
    lastSeenAt: now,
  };
  await store.saveWorker(worker);
  return id;
}

async function takeTurns(store, workerId, size) {
  let held = [];
  let accepted = [];
  let done = 0;
  for (let number = 1; ; number += 1) {
    const now = Date.now();
    const requestId = `${workerId} turn ${number}`;
    const finish = (task) => ({ task: completeTask(task, now), attempt: { outcome: 'completed' } });
    const accept = (task) => ({
      task: acceptManifest(task, workerId, task.fence, noOpManifest(task.objects)),
      attempt: { outcome: 'running', exitCode: 0, durationMs: 1 },
    });
    const grant = (task) =>
      grantLease(task, { assignmentId: assignmentId(task.id, task.fence + 1), workerId, now, leaseMs, byTurn: true });
    const { given } = await store.takeTurn({
      workerId,
      now,
      requestId,
      changes: [
        ...accepted.map(({ id }) => ({ taskId: id, decide: finish })),
        ...held.map(({ id }) => ({ taskId: id, decide: accept })),
      ],
      lease: { query: { plugins: ['noop'], limit: size }, grant },
      settled: ({ given }) => ({ requestId, at: now, answer: { body: { given: given.map(({ task }) => task.id) } } }),
    });
    done += accepted.length;
    accepted = held;
    held = given.map(({ task }) => task);
    if (held.length + accepted.length === 0) return done;
  }
}
