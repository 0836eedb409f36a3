/** Writes the state of a large job in the middle of its life: a tenth of its tasks is dead for twenty causes, some are done, some are leased. */
import { join } from 'node:path';
import { SqliteJobStore } from '@longshore/adapters/sqlite';
import { acceptManifest, completeTask, defaultJobPolicy, failure, grantLease, nextJobState } from '@longshore/core';

/** Resolves with a task that is dead and one that is not. 300 other jobs and 50 workers are there too. */
export async function storeLargeJob(folder, { objects, perTask }) {
  const store = new SqliteJobStore(join(folder, 'state.db'));
  const now = Date.now() - 3_600_000;
  const spec = {
    plugin: 'echo',
    pluginVersion: '1.0.0',
    params: {},
    input: { bucket: 'images', prefix: 'in/' },
    output: { bucket: 'results', prefix: 'out/' },
    include: ['**'],
    exclude: [],
    batching: { maxObjects: perTask },
    policy: defaultJobPolicy,
  };
  await store.createJob({ id: 'million', spec, createdAt: now });
  await store.changeJob('million', (job) => ({
    job: { ...job, state: nextJobState(job.state, 'start'), startedAt: now },
  }));
  const tasks = Math.ceil(objects / perTask);
  for (let first = 0; first < tasks; first += 2_000) {
    const step = Array.from({ length: Math.min(2_000, tasks - first) }, (_, index) => newTask(first + index, perTask));
    const listed = Math.min(objects, (first + step.length) * perTask);
    const done = first + step.length >= tasks;
    await store.recordScan('million', { tasks: step, objectsListed: listed, objectsSkipped: 0, done }, now);
  }
  await work(store, now, Math.ceil(objects / perTask));
  for (let job = 0; job < 300; job += 1) {
    await store.createJob({
      id: `other-${job}`,
      spec: { ...spec, plugin: `plugin-${job % 7}` },
      createdAt: now - job * 7_200_000,
    });
    await store.changeJob(`other-${job}`, (found) => ({ job: { ...found, state: 'cancelled' } }));
  }
  await store.close();
  return { dead: 'task-0', alive: 'task-1' };
}

function newTask(number, perTask) {
  const listed = Array.from({ length: perTask }, (_, index) => {
    const name = String(number * perTask + index).padStart(9, '0');
    return { key: `in/plate-${name.slice(0, 3)}/well-${name}.tif`, sizeBytes: 4_000_000, etag: `"${name}"` };
  });
  const cause = number % 200 === 0 ? `Reason ${'abcdefghijklmnopqrst'[(number / 200) % 20]}:` : 'Reason z:';
  // Set aside when it was listed, and may be redriven.
  const refusal = failure(
    'input-archived',
    `${cause} cannot read "${listed[0].key}". ${'Sentence after sentence. '.repeat(20)}`,
    {
      log: 'A line that the container printed.\n'.repeat(200),
    },
  );
  return { id: `task-${number}`, position: number * perTask, objects: listed, ...(number % 10 === 0 && { refusal }) };
}

async function work(store, now, tasks) {
  const grant = (task) =>
    grantLease(task, {
      assignmentId: `${task.id}.1`,
      workerId: `worker-${task.position % 50}`,
      now,
      leaseMs: 7_200_000,
    });
  const leased = await store.leaseTasks(
    { plugins: ['echo'], now, limit: Math.min(3_000, Math.ceil(tasks / 4)) },
    grant,
  );
  for (let number = 0; number < 50; number += 1) {
    const more = { capabilities: [], slots: 64, state: 'processing', registeredAt: now, lastSeenAt: now };
    await store.saveWorker({ id: `worker-${number}`, hostname: `machine-${number}`, plugin: 'echo', ...more });
  }
  await Promise.all(
    leased.slice(0, leased.length * 0.7).map((task, index) => finish(store, task, now + index * 1_000)),
  );
}

async function finish(store, { id, lease }, at) {
  const manifest = { entries: [], imageDigest: 'sha256:0', pluginVersion: '1.0.0', exitCode: 0, durationMs: 1_000 };
  await store.changeTask(id, (task) => ({ task: acceptManifest(task, lease.workerId, 1, manifest) }), at);
  await store.changeTask(id, (task) => ({ task: completeTask(task, at), attempt: { outcome: 'completed' } }), at);
}
