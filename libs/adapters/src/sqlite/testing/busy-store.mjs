// Opens a state file, says so, and changes it without end; each change is told on a line of its own once it is acknowledged.
import { writeSync } from 'node:fs';
import { acceptManifest, completeTask, defaultJobPolicy, grantLease, nextJobState } from '@longshore/core';
import { SqliteJobStore } from '../sqlite-job-store.ts';

const [, , path, name] = process.argv;
const now = Date.now();

function tell(...words) {
  writeSync(1, `${words.join(' ')}\n`);
}

function open() {
  try {
    return new SqliteJobStore(path);
  } catch (error) {
    tell('refused', error.code);
    process.exit(1);
  }
}

const manifest = { entries: [], imageDigest: 'sha256:0', pluginVersion: '1.0.0', exitCode: 0, durationMs: 1 };
const place = { bucket: 'files', prefix: '' };

function specOf(plugin) {
  const batching = { maxObjects: 1 };
  const patterns = { include: ['**'], exclude: [] };
  const places = { input: place, output: place };
  return { plugin, pluginVersion: '1.0.0', params: {}, ...places, ...patterns, batching, policy: defaultJobPolicy };
}

/** One job from its submission to its last task. */
async function liveThrough(store, id) {
  await store.createJob({ id, spec: specOf(id), createdAt: now });
  tell('job', id, 'pending');
  await store.changeJob(id, (job) => ({ job: { ...job, state: nextJobState(job.state, 'start') } }));
  tell('job', id, 'running');
  const tasks = [0, 1, 2].map((position) => ({
    id: `${id}.${position}`,
    position,
    objects: [{ key: `${id}/${position}`, sizeBytes: 10, etag: '"1"' }],
  }));
  await store.recordScan(id, { tasks, objectsListed: 3, objectsSkipped: 0, done: true }, now);
  for (const task of tasks) tell('task', task.id, 'available');
  const lease = { assignmentId: 'assignment', workerId: 'worker', now, leaseMs: 30_000 };
  for (const task of await store.leaseTasks({ plugins: [id], now, limit: 2 }, (found) => grantLease(found, lease))) {
    tell('task', task.id, 'leased');
    await store.changeTask(task.id, (found) => ({ task: acceptManifest(found, 'worker', 1, manifest) }), now);
    tell('task', task.id, 'accepted');
    const done = (found) => ({ task: completeTask(found, now), attempt: { outcome: 'completed' } });
    await store.changeTask(task.id, done, now);
    tell('task', task.id, 'completed');
  }
}

const store = open();
tell('opened');
const writers = Array.from({ length: 8 }, async (_, writer) => {
  for (let round = 0; ; round += 1) await liveThrough(store, `${name}-${writer}-${round}`);
});
await Promise.all(writers);
