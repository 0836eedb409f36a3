/**
 * BullMQ: how many no-op tasks a second it works off from a queue that is full.
 *
 * Its best setting on two cores: one process, one worker that has `concurrency` tasks under way at a time (16 stand beside 16 consumers that
 * take one task each; 64 let more tasks share a sync), completed tasks removed at once, no retries, no events.
 */
import { randomUUID } from 'node:crypto';
import { importPeer } from '../../peers/packages.mjs';

const FILL = 2_000;

/** `peer` is a Redis; `redis` has one, and one that syncs every write in `redis.always`. Resolves with tasks per second. */
export async function run(peer, { tasks, quick = false, concurrency = 16 }) {
  const { Queue, Worker } = await importPeer('bullmq');
  const { Redis } = await importPeer('ioredis');
  const wanted = quick ? Math.min(tasks, 500) : tasks;
  const connection = () => new Redis(peer.url, { maxRetriesPerRequest: null });
  const connections = [connection(), connection()];
  const name = `bench-${randomUUID()}`;
  const queue = new Queue(name, { connection: connections[0] });
  const options = { removeOnComplete: true, removeOnFail: true, attempts: 1 };
  try {
    for (let first = 0; first < wanted; first += FILL) {
      const count = Math.min(FILL, wanted - first);
      await queue.addBulk(
        Array.from({ length: count }, (_, at) => ({ name: 'noop', data: { task: first + at }, opts: options })),
      );
    }
    const settings = { connection: connections[1], concurrency, autorun: false, skipStalledCheck: true };
    return await drain(new Worker(name, async () => undefined, { ...settings, metrics: undefined }), wanted);
  } finally {
    await queue.obliterate({ force: true });
    await queue.close();
    for (const client of connections) client.disconnect();
  }
}

async function drain(worker, wanted) {
  await worker.waitUntilReady();
  let done = 0;
  const startedAt = performance.now();
  const finished = new Promise((resolve, reject) => {
    worker.on('completed', () => {
      done += 1;
      if (done === wanted) resolve(performance.now() - startedAt);
    });
    worker.on('failed', (_job, error) => reject(error));
    worker.on('error', reject);
  });
  const running = worker.run();
  try {
    return (wanted / (await finished)) * 1000;
  } finally {
    await worker.close();
    await running;
  }
}
