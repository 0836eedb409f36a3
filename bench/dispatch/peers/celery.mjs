/**
 * Celery on Redis: how many no-op tasks a second it works off from a queue that is full.
 *
 * Two settings are tried, and the better one counts: two processes (`prefork`), and 16 threads. Both take many tasks ahead, keep no
 * results, send no events, and acknowledge a task after it has run: before that, a worker that dies would lose it, which Longshore does not either.
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run as runProgram } from '../../../scripts/setup/command.mjs';
import { startProgram } from '../../framework/program.mjs';
import { importPeer } from '../../peers/packages.mjs';

const pools = [
  ['--pool', 'prefork', '--concurrency', '2'],
  ['--pool', 'threads', '--concurrency', '16'],
];
const quietly = [
  '--without-gossip',
  '--without-mingle',
  '--without-heartbeat',
  '--loglevel',
  'ERROR',
  '--prefetch-multiplier',
  '64',
];

/** `peer` is `{python, url}`: the Python that has Celery, and a Redis. Resolves with tasks per second. */
export async function run(peer, { tasks, quick = false }) {
  const wanted = quick ? Math.min(tasks, 200) : tasks;
  const rates = [];
  for (const pool of quick ? pools.slice(0, 1) : pools) rates.push(await measure(peer, pool, wanted));
  return Math.max(...rates);
}

async function measure({ python, url }, pool, wanted) {
  const { Redis } = await importPeer('ioredis');
  const redis = new Redis(url);
  const surroundings = { cwd: path.join(import.meta.dirname, 'celery'), env: { LONGSHORE_BENCH_REDIS: url } };
  try {
    await redis.flushdb();
    await runProgram(python, ['fill.py', String(wanted)], surroundings);
    const worker = await startProgram(
      python,
      ['-m', 'celery', '-A', 'tasks', 'worker', ...quietly, ...pool],
      surroundings,
    );
    try {
      return await rateOfDraining(redis, wanted);
    } finally {
      await worker.stop();
    }
  } finally {
    await redis.flushdb();
    redis.disconnect();
  }
}

/** From the first task that is done, since starting takes it seconds, to the last. */
async function rateOfDraining(redis, wanted) {
  const first = await until(redis, (left) => left < wanted);
  const last = await until(redis, (left) => left === 0);
  return ((first.left - last.left) / (last.at - first.at)) * 1000;
}

async function until(redis, isSo) {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(2)) {
    const [[, waiting], [, taken]] = await redis.multi().llen('celery').hlen('unacked').exec();
    const left = waiting + taken;
    if (isSo(left)) return { left, at: performance.now() };
  }
  throw new Error('Celery did not work off its tasks in two minutes');
}
