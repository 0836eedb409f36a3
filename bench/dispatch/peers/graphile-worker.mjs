/**
 * graphile-worker: how many no-op tasks a second it works off from a table that is full.
 *
 * Its best setting on two cores: one process, a local queue that takes 500 tasks at a time, 24 tasks under way, and completions written
 * together. `oneAtATime` has no local queue: each of 16 consumers takes and completes its own tasks.
 */
import { importPeer } from '../../peers/packages.mjs';

const FILL = 10_000;
const batched = {
  localQueue: { size: 500, refetchDelay: { durationMs: 10 } },
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
};

/** `peer` is a PostgreSQL. Resolves with tasks per second. */
export async function run(peer, { tasks, quick = false, oneAtATime = false }) {
  const { run: work, runMigrations } = await importPeer('graphile-worker');
  const { default: pg } = await importPeer('pg');
  const wanted = quick ? Math.min(tasks, 500) : tasks;
  const { connectionString } = peer;
  const concurrentJobs = oneAtATime ? 16 : 24;
  const pool = new pg.Pool({ connectionString, max: concurrentJobs + 2 });
  // It insists on handlers; a lost connection fails the queries that wait for it anyway.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await pool.query('drop schema if exists graphile_worker cascade');
    await runMigrations({ pgPool: pool, logger: await silent() });
    await fill(pool, wanted);
    const settings = { concurrentJobs, pollInterval: 50, ...(oneAtATime ? {} : batched) };
    return await drain(work, { pool, settings, wanted });
  } finally {
    await pool.end();
  }
}

async function silent() {
  const { Logger } = await importPeer('graphile-worker');
  return new Logger(() => () => undefined);
}

async function fill(pool, wanted) {
  for (let first = 0; first < wanted; first += FILL) {
    const numbers = Array.from({ length: Math.min(FILL, wanted - first) }, (_, at) => first + at);
    const specs = numbers.map((task) => ({ identifier: 'noop', payload: { task }, max_attempts: 1 }));
    await pool.query(
      `select count(*) from graphile_worker.add_jobs(
         array(select json_populate_recordset(null::graphile_worker.job_spec, $1::json)))`,
      [JSON.stringify(specs)],
    );
  }
  await pool.query('vacuum analyze graphile_worker._private_jobs');
}

async function drain(work, { pool, settings, wanted }) {
  let done = 0;
  let finish;
  const finished = new Promise((resolve) => (finish = resolve));
  const noop = async () => {
    done += 1;
    if (done === wanted) finish();
  };
  const startedAt = performance.now();
  const runner = await work({
    pgPool: pool,
    taskList: { noop },
    logger: await silent(),
    noHandleSignals: true,
    noPreparedStatements: false,
    preset: { worker: settings },
    concurrency: settings.concurrentJobs,
    pollInterval: settings.pollInterval,
  });
  await finished;
  // What was run counts when it is written.
  while (await someLeft(pool));
  const tookMs = performance.now() - startedAt;
  await runner.stop();
  return (wanted / tookMs) * 1000;
}

async function someLeft(pool) {
  const { rows } = await pool.query('select exists(select from graphile_worker._private_jobs) as some');
  return rows[0].some;
}
