/** Writes a state file with one running job and its tasks, as the planner would, so that nothing but dispatch is measured. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { SqliteJobStore } from '@longshore/adapters/sqlite';
import { defaultJobPolicy } from '@longshore/core';

const tasksAtOnce = 5_000;

export async function storeJob(folder, tasks) {
  const store = new SqliteJobStore(path.join(folder, 'state.db'));
  const place = (name) => ({ bucket: `file://${path.join(folder, name)}`, prefix: '' });
  const now = Date.now();
  const spec = {
    plugin: 'noop',
    pluginVersion: '1.0.0',
    params: {},
    input: place('in'),
    output: place('out'),
    include: ['**'],
    exclude: [],
    batching: { maxObjects: 1 },
    policy: { ...defaultJobPolicy, timeoutSeconds: 600 },
  };
  await store.createJob({ id: 'job', spec, createdAt: now });
  await store.changeJob('job', (job) => ({ job: { ...job, state: 'running', scan: 'running', startedAt: now } }));
  for (let first = 0; first < tasks; first += tasksAtOnce) {
    const last = Math.min(tasks, first + tasksAtOnce);
    const step = Array.from({ length: last - first }, (_, index) => aTask(first + index));
    const counted = { objectsListed: last, objectsSkipped: 0 };
    await store.recordScan('job', { tasks: step, ...counted, done: last === tasks }, now);
  }
  // One task more waits for a day, so that the job does not end, with its report, while somebody measures.
  const late = aTask(tasks);
  await store.recordScan('job', { tasks: [late], objectsListed: tasks + 1, objectsSkipped: 0, done: true }, now);
  await store.changeTask(late.id, (task) => ({ task: { ...task, availableAt: now + 86_400_000 } }), now);
  await store.close();
}

function aTask(position) {
  const name = `object-${String(position).padStart(9, '0')}`;
  return { id: randomUUID(), position, objects: [{ key: name, sizeBytes: 1_000, etag: `"${name}"` }] };
}
