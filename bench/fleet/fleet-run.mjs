/**
 * One life of a fleet: all workers register, wait, are given a job, and work. Tells how the orchestrator fared in each part. By hand:
 *
 *     node bench/fleet/fleet-run.mjs [workers] [seconds] [seconds per task] [options of Node.js for the orchestrator]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Orchestrator } from './orchestrator.mjs';

/** As many files are written at the same time. */
const atOnce = 500;
const mostMegabytes = 2_000;

/**
 * @param wish `workers`; `seconds` that they wait and then work in all; `taskSeconds` that a task takes at the mean; `nodeOptions` of the orchestrator
 * @returns what happened in each part, and at the end
 */
export async function runFleet({ workers, seconds, taskSeconds = 120, folder, nodeOptions = [], leaseSeconds = 60 }) {
  await refuseFewFiles(workers);
  const tasks = Math.ceil(workers * (1 + seconds / taskSeconds) * 1.2);
  await writeInput(join(folder, 'in'), tasks);
  const environment = { LONGSHORE_LEASE_SECONDS: String(leaseSeconds) };
  const orchestrator = await Orchestrator.start(folder, { nodeOptions, environment });
  const fleet = fork(join(import.meta.dirname, 'workers.mjs'), [], { execArgv: ['--max-old-space-size=1536'] });
  const order = async (deed, given = {}) => {
    fleet.send({ deed, ...given });
    const [answer] = await once(fleet, 'message');
    return answer.tallies;
  };
  try {
    await orchestrator.figures();
    const parts = {};
    const during = async (name, work) => {
      const [begunAt, before, { requests }] = [performance.now(), await orchestrator.figures(), await order('count')];
      await work();
      const took = (performance.now() - begunAt) / 1000;
      const [figures, now] = [await orchestrator.figures(), await order('count')];
      if ((await orchestrator.highestMegabytes()) > mostMegabytes)
        throw new Error('The orchestrator needs more than 2 GB.');
      parts[name] = {
        seconds: took,
        requestsPerSecond: (now.requests - requests) / took,
        cpuShare: (figures.cpuSeconds - before.cpuSeconds) / took,
        delayP99Ms: figures.delayP99Ms,
        delayMaxMs: figures.delayMaxMs,
      };
    };
    const { url, join: joinToken } = orchestrator;
    await during('registering', () => order('register', { count: workers, url, joinToken, seed: 1, taskSeconds }));
    await during('waiting', () => sleep((seconds / 3) * 1000));
    const input = {
      plugin: 'echo',
      input: join(folder, 'in'),
      output: join(folder, 'out'),
      batching: { maxObjects: 1 },
    };
    let job;
    await during('handing out', async () => {
      job = await orchestrator.ask('/api/v1/jobs', input);
      while ((await order('count')).taken < workers) await sleep(100);
    });
    await during('working', () => sleep((seconds * 2000) / 3));
    const { rescues } = await orchestrator.figures();
    const tallies = await order('count');
    const { state, tasks: counts } = await orchestrator.ask(`/api/v1/jobs/${job.id}`);
    await order('stop');
    return {
      workers,
      parts,
      tallies,
      rescues,
      megabytes: await orchestrator.highestMegabytes(),
      job: { state, tasks: counts },
    };
  } finally {
    if (fleet.connected) fleet.kill('SIGKILL');
    await orchestrator.stop();
  }
}

/** Every worker waits on one connection, and a second one is open for some seconds at each heartbeat; Node.js uses all that the hard limit allows. */
async function refuseFewFiles(workers) {
  const limits = await readFile('/proc/self/limits', 'utf8');
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1];
  const needed = 2_000 + Math.ceil(workers * 1.5);
  if (hard === 'unlimited' || Number(hard) >= needed) return;
  throw new Error(`${workers} workers need ${needed} open files, and this user may have ${hard} (ulimit -Hn).`);
}

async function writeInput(folder, count) {
  await mkdir(folder, { recursive: true });
  for (let first = 0; first < count; first += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - first) }, (_, index) =>
      String(first + index).padStart(7, '0'),
    );
    await Promise.all(some.map((name) => writeFile(join(folder, `${name}.txt`), name)));
  }
}

if (process.argv[1] === import.meta.filename) {
  const [workers = '300', seconds = '9', taskSeconds = '10', ...nodeOptions] = process.argv.slice(2);
  const folder = await mkdtemp(join(tmpdir(), 'longshore-fleet-'));
  try {
    const run = await runFleet({
      workers: Number(workers),
      seconds: Number(seconds),
      taskSeconds: Number(taskSeconds),
      folder,
      nodeOptions,
    });
    if (process.send) process.send(run);
    else process.stdout.write(`${JSON.stringify(run, undefined, 2)}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
