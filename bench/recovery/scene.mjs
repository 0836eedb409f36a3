/** An orchestrator, one worker that is in the middle of a task, and another one that waits: who is ended, and when the other one has the task. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MetadataServer } from '@longshore/adapters/testing';
import { askApi } from '../programs/api.mjs';
import { startOrchestrator } from '../programs/orchestrator.mjs';
import { startWorker } from '../programs/worker.mjs';

const lookEveryMs = 10;
const patienceMs = 60_000;
/** Far longer than anybody watches. */
const taskSeconds = 600;
/** As often as a real worker would ask in five seconds, so that what is measured is what happens once it has heard. */
const noticePollSeconds = '0.1';

let scenes = 0;

/**
 * @param how `kill`: SIGKILL, without a word; `term`: SIGTERM; `notice`: the machine is told that it will be taken away
 * @returns seconds until the other worker has begun the task
 */
export async function takeAway(bench, how, leaseSeconds) {
  const folder = await bench.temporary();
  await mkdir(path.join(folder, 'in'));
  await writeFile(path.join(folder, 'in', 'only.txt'), 'only');
  const orchestrator = await startOrchestrator(path.join(folder, 'state'), {
    LONGSHORE_LEASE_SECONDS: String(leaseSeconds),
    LONGSHORE_WHEN_DONE: 'wait',
  });
  const machine = await MetadataServer.start();
  const started = [orchestrator];
  const end = async () => {
    for (const one of started.splice(0).reverse()) await one.stop();
    await machine[Symbol.asyncDispose]();
  };
  bench.defer(end);
  const ask = (route, body) => askApi(orchestrator.url, route, body);
  const start = async (name, settings = {}) => {
    const worker = await startWorker(folder, {
      url: orchestrator.url,
      name: `recovery-${process.pid}-${(scenes += 1)}-${name}`,
      plugin: 'echo',
      settings: { LONGSHORE_HOME: path.join(folder, 'home'), ...settings },
    });
    started.push(worker);
    return worker;
  };
  const first = await start('first', {
    LONGSHORE_CLOUD: 'auto',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: machine.url,
    LONGSHORE_SPOT_POLL_SECONDS: noticePollSeconds,
  });
  const job = await ask('/jobs', {
    plugin: 'echo',
    input: path.join(folder, 'in'),
    output: path.join(folder, 'out'),
    params: { pauseSeconds: taskSeconds },
    // A lease may be lost before on a busy machine, and a second loss costs time.
    policy: { timeoutSeconds: 2 * taskSeconds, retryDelaySeconds: 0 },
  });
  const holder = async () => {
    const { items } = await ask(`/workers?limit=10`);
    const held = await Promise.all(items.map(({ id }) => ask(`/workers/${id}`)));
    return held.find((worker) => worker.held.some(({ acknowledged }) => acknowledged));
  };
  const victim = await until(holder);
  await start('second');
  await until(async () => (await ask('/workers?limit=10')).items.length === 2);
  // The last one is here, has its image and waits.
  await sleep(500);

  const begunAt = performance.now();
  if (how === 'notice') machine.reclaim();
  else process.kill(first.pid, how === 'kill' ? 'SIGKILL' : 'SIGTERM');
  await until(async () => {
    const now = await holder();
    return now !== undefined && now.id !== victim.id;
  });
  const seconds = (performance.now() - begunAt) / 1000;
  await ask(`/jobs/${job.id}/cancel`, {});
  await end();
  return seconds;
}

async function until(condition) {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await sleep(lookEveryMs)) {
    const result = await condition();
    if (result) return result;
  }
  throw new Error(`Nothing happened within ${patienceMs / 1000} s.`);
}
