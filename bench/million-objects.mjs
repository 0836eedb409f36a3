/**
 * The routes people look at, for a job of a million objects: how large each answer is and how long it takes. Run after `npm run build`:
 *
 *     node bench/million-objects.mjs [objects] [objects per task]
 *
 * Then every dead letter is redriven and the job cancelled, and it is told how long others waited for their answers meanwhile. Ends with 1 when
 * an answer is larger than 100 KB, or takes longer than 200 ms even at its quickest: what else runs on the machine is not its affair. A parent process is told the address before that, and waited for.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SqliteJobStore } from '@longshore/adapters/sqlite';
import { acceptManifest, completeTask, defaultJobPolicy, failure, grantLease, nextJobState } from '@longshore/core';

const [objectCount = 1_000_000, perTask = 10] = process.argv.slice(2).map(Number);
const mostBytes = 100_000;
const wantedMs = 200;
const tries = 15;
const folder = await mkdtemp(join(tmpdir(), 'longshore-bench-'));

try {
  const startedAt = performance.now();
  const taskIds = await prepare(new SqliteJobStore(join(folder, 'state.db')));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(
    `${objectCount} objects in ${Math.ceil(objectCount / perTask)} tasks, stored in ${seconds} s\n\n`,
  );
  process.exitCode = (await measure(taskIds)) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** A job in the middle of its life: a tenth of its tasks is dead for twenty causes, some are done, some are leased. */
async function prepare(store) {
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
  const tasks = Math.ceil(objectCount / perTask);
  for (let first = 0; first < tasks; first += 2_000) {
    const step = Array.from({ length: Math.min(2_000, tasks - first) }, (_, index) => newTask(first + index));
    const listed = Math.min(objectCount, (first + step.length) * perTask);
    const done = first + step.length >= tasks;
    await store.recordScan('million', { tasks: step, objectsListed: listed, objectsSkipped: 0, done }, now);
  }
  await work(store, now);
  for (let job = 0; job < 300; job += 1) {
    await store.createJob({
      id: `other-${job}`,
      spec: { ...spec, plugin: `plugin-${job % 7}` },
      createdAt: now - job * 7_200_000,
    });
    await store.changeJob(`other-${job}`, (found) => ({ job: { ...found, state: 'cancelled' } }));
  }
  await store.close();
  return { dead: 'task-0', large: 'task-1' };
}

function newTask(number) {
  const objects = Array.from({ length: perTask }, (_, index) => {
    const name = String(number * perTask + index).padStart(9, '0');
    return { key: `in/plate-${name.slice(0, 3)}/well-${name}.tif`, sizeBytes: 4_000_000, etag: `"${name}"` };
  });
  const cause = number % 200 === 0 ? `Reason ${'abcdefghijklmnopqrst'[(number / 200) % 20]}:` : 'Reason z:';
  // Set aside when it was listed, and may be redriven.
  const refusal = failure(
    'input-archived',
    `${cause} cannot read "${objects[0].key}". ${'Sentence after sentence. '.repeat(20)}`,
    {
      log: 'A line that the container printed.\n'.repeat(200),
    },
  );
  return { id: `task-${number}`, position: number * perTask, objects, ...(number % 10 === 0 && { refusal }) };
}

async function work(store, now) {
  const grant = (task) =>
    grantLease(task, {
      assignmentId: `${task.id}.1`,
      workerId: `worker-${task.position % 50}`,
      now,
      leaseMs: 7_200_000,
    });
  const leased = await store.leaseTasks(
    { plugins: ['echo'], now, limit: Math.min(3_000, Math.ceil(objectCount / perTask / 4)) },
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

async function measure({ dead, large }) {
  const main = fileURLToPath(import.meta.resolve('@longshore/orchestrator/main'));
  const environment = { LONGSHORE_STATE: folder, LONGSHORE_PORT: '0', LONGSHORE_PLUGINS: 'echo' };
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = await servesAt(child);
    const group = (await (await fetch(`${url}/api/v1/jobs/million/failures`)).json()).items[0].id;
    const routes = [
      '/jobs',
      '/jobs?search=million',
      '/jobs/million',
      '/jobs/million/explain',
      '/jobs/million/tasks',
      '/jobs/million/tasks?limit=500',
      '/jobs/million/tasks?state=available',
      '/jobs/million/tasks?state=completed',
      '/jobs/million/tasks?state=dead',
      '/jobs/million/failures',
      '/jobs/million/dead-letters',
      `/jobs/million/dead-letters?group=${group}`,
      '/jobs/million/analytics',
      `/tasks/${dead}`,
      `/tasks/${large}/objects`,
      '/workers',
      '/workers/worker-1',
      '/analytics/overview',
      '/analytics/jobs-by-type',
      '/analytics/jobs-by-status',
      '/analytics/tasks-by-status',
      '/analytics/timeline?days=30',
      '/analytics/processing-time-stats',
    ];
    const results = [];
    for (const route of routes) results.push(await ask(url, route));
    print(results);
    await visited(url);
    await steer(url, 'redrive', ({ tasks }) => tasks.dead === 0);
    await steer(url, 'cancel', ({ tasks }) => tasks.available + tasks.leased === 0);
    return results.every(({ bytes, quickMs }) => bytes <= mostBytes && quickMs <= wantedMs);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

/** Lets the parent, where there is one, look at the dashboard. */
async function visited(url) {
  if (!process.send) return;
  process.send({ url });
  await once(process, 'message');
  process.disconnect();
}

/** Orders something for the whole job, and asks for the job until it is done. */
async function steer(url, how, isDone) {
  const startedAt = performance.now();
  const answer = await fetch(`${url}/api/v1/jobs/million/${how}`, { method: 'POST' });
  if (answer.status !== 200) throw new Error(`${how}: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
  const answeredMs = performance.now() - startedAt;
  let slowestMs = 0;
  for (let done = false; !done;) {
    const askedAt = performance.now();
    done = isDone(await (await fetch(`${url}/api/v1/jobs/million`)).json());
    slowestMs = Math.max(slowestMs, performance.now() - askedAt);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const tookMs = performance.now() - startedAt;
  process.stdout.write(
    `${how}: answered in ${answeredMs.toFixed(1)} ms, done in ${tookMs.toFixed(0)} ms, nobody waited longer than ${slowestMs.toFixed(1)} ms\n`,
  );
}

async function servesAt(child) {
  let said = '';
  for await (const chunk of child.stdout) {
    said += chunk;
    const url = /Longshore serves at ([^\s"]+)/.exec(said)?.[1];
    if (url !== undefined) {
      child.stdout.on('data', () => undefined);
      return url;
    }
  }
  throw new Error(`It never served: ${said}`);
}

async function ask(url, route) {
  const times = [];
  let bytes = 0;
  for (let count = 0; count < tries; count += 1) {
    const before = performance.now();
    const response = await fetch(`${url}/api/v1${route}`);
    bytes = (await response.arrayBuffer()).byteLength;
    times.push(performance.now() - before);
    if (response.status !== 200) throw new Error(`${route}: ${response.status}`);
  }
  times.sort((one, other) => one - other);
  return {
    route,
    bytes,
    quickMs: times[0],
    medianMs: times[Math.floor(tries / 2)],
    slowestMs: times.at(-1),
  };
}

function print(results) {
  const line = (route, bytes, median, slowest, note) =>
    `${route.padEnd(62)}${bytes.padStart(9)}${median.padStart(11)}${slowest.padStart(12)}  ${note}\n`;
  process.stdout.write(line('route', 'bytes', 'median ms', 'slowest ms', ''));
  for (const { route, bytes, quickMs, medianMs, slowestMs } of results) {
    const notes = [bytes > mostBytes ? 'too large' : '', quickMs > wantedMs ? 'slow' : ''].filter(
      (note) => note !== '',
    );
    process.stdout.write(line(route, String(bytes), medianMs.toFixed(1), slowestMs.toFixed(1), notes.join(', ')));
  }
}
