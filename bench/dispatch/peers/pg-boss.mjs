/**
 * pg-boss: how many no-op tasks a second it works off from a queue that is full.
 *
 * Its best setting: fetch and complete 1,000 tasks at a time, four such loops. `oneAtATime`: 16 consumers that fetch and complete one each.
 */
import { randomUUID } from 'node:crypto';
import { importPeer } from '../../peers/packages.mjs';

const FILL = 2_000;

/** `peer` is a PostgreSQL. Resolves with tasks per second. */
export async function run(peer, { tasks, quick = false, oneAtATime = false, consumers = oneAtATime ? 16 : 4 }) {
  const { PgBoss } = await importPeer('pg-boss');
  const wanted = quick ? Math.min(tasks, 500) : tasks;
  const batchSize = oneAtATime ? 1 : 1_000;
  const quiet = { supervise: false, schedule: false };
  const boss = new PgBoss({ connectionString: peer.connectionString, max: consumers + 2, ...quiet });
  boss.on('error', () => undefined);
  await boss.start();
  const queue = `bench-${randomUUID()}`;
  try {
    await boss.createQueue(queue);
    for (let first = 0; first < wanted; first += FILL) {
      const count = Math.min(FILL, wanted - first);
      await boss.insert(
        queue,
        Array.from({ length: count }, (_, at) => ({ data: { task: first + at } })),
      );
    }
    const startedAt = performance.now();
    const done = await Promise.all(Array.from({ length: consumers }, () => consume(boss, queue, batchSize)));
    const tookMs = performance.now() - startedAt;
    const sum = done.reduce((total, count) => total + count, 0);
    if (sum !== wanted) throw new Error(`pg-boss gave ${sum} tasks of ${wanted}`);
    return (wanted / tookMs) * 1000;
  } finally {
    await boss.deleteQueue(queue);
    await boss.stop({ graceful: false });
  }
}

async function consume(boss, queue, batchSize) {
  for (let done = 0; ;) {
    const jobs = await boss.fetch(queue, { batchSize });
    if (jobs.length === 0) return done;
    await boss.complete(
      queue,
      jobs.map(({ id }) => id),
    );
    done += jobs.length;
  }
}
