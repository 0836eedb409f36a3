/** What handing out a task costs: durable no-op tasks per second, over HTTP to a real orchestrator, beside queues that people use instead. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { longshoreRate } from '../dispatch/longshore.mjs';
import { storeRate } from '../dispatch/store-alone.mjs';

const peersFolder = path.join(import.meta.dirname, '../dispatch/peers');
const unit = 'tasks/s';

const inTurns = [
  ['longshore, turns of 32', { way: 'turns', workers: 4, size: 32, tasks: 60_000 }],
  ['longshore, turns of 8', { way: 'turns', workers: 4, size: 8, tasks: 20_000 }],
  ['longshore, turns of 1', { way: 'turns', workers: 16, size: 1, tasks: 6_000 }],
];
/** What is left when HTTP, decisions and everybody who watches cost nothing. */
const ceiling = {
  'the state file alone, turns of 32': (bench) =>
    storeRate(bench, { workers: 4, size: 32, tasks: bench.quick ? 1_200 : 60_000 }),
};
const oneByOne = [['longshore, four requests a task', { way: 'endpoints', workers: 16, size: 1, tasks: 4_000 }]];

/** Name of the file, name of the peer that it needs, and the setting. */
const batchedPeers = {
  'BullMQ, appendfsync always, 64 under way': ['bullmq', 'redis', { isAlways: true, concurrency: 64 }],
  'BullMQ, default, 64 under way': ['bullmq', 'redis', { concurrency: 64 }],
  'graphile-worker, local queue': ['graphile-worker', 'postgresql', {}],
  'pg-boss, 1,000 at a time': ['pg-boss', 'postgresql', {}],
};
const singlePeers = {
  'BullMQ, appendfsync always': ['bullmq', 'redis', { isAlways: true }],
  'BullMQ, default': ['bullmq', 'redis', {}],
  'graphile-worker, one at a time': ['graphile-worker', 'postgresql', { oneAtATime: true }],
  'pg-boss, one at a time': ['pg-boss', 'postgresql', { oneAtATime: true }],
  Celery: ['celery', 'celery', {}],
};

export const suite = {
  name: 'dispatch',
  summary: 'durable no-op tasks per second',
  peers: ['redis', 'postgresql', 'celery'],
  async run(bench) {
    await compare(bench, 'no-op tasks, in batches', inTurns, batchedPeers, 20_000, ceiling);
    await compare(bench, 'no-op tasks, one at a time', oneByOne, singlePeers, 4_000);
  },
};

async function compare(bench, metric, own, peers, tasksOfPeer, bounds = {}) {
  const few = (tasks) => (bench.quick ? Math.ceil(tasks / 50) : tasks);
  const ours = own.map(([name, how]) => [name, () => longshoreRate(bench, { ...how, tasks: few(how.tasks) })]);
  const theirs = Object.entries(peers).map(([name, peer]) => peerSubject(bench, name, peer, few(tasksOfPeer)));
  const limits = Object.entries(bounds).map(([name, rate]) => [name, () => rate(bench)]);
  const subjects = Object.fromEntries([...ours, ...limits, ...(await Promise.all(theirs)).filter(Boolean)]);
  await bench.interleave({ metric, unit, better: 'more', ours: own.map(([name]) => name), subjects });
}

async function peerSubject(bench, name, [program, needed, { isAlways, ...setting }], tasks) {
  const file = path.join(peersFolder, `${program}.mjs`);
  const found = existsSync(file) ? bench.peer(needed) : undefined;
  const peer = isAlways ? found?.always : found;
  // What could not be set up was said already.
  if (!peer) return undefined;
  const { run } = await import(file);
  return [name, () => run(peer, { tasks, quick: bench.quick, ...setting })];
}
