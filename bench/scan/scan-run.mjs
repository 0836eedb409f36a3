/** One job of so many keys, listed and stored by an orchestrator of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { askApi } from '../programs/api.mjs';
import { asShipped, startOrchestrator } from '../programs/orchestrator.mjs';
import { cpuSeconds, highestMegabytes } from '../programs/resident.mjs';

/** The first task is looked for closely; then to look is work that the listing has to wait for. */
const [lookForFirstMs, lookForEndMs] = [10, 50];

/** A server of keys in a process of its own. */
export async function startKeys(count, delayMs = 0) {
  const child = fork(fileURLToPath(new URL('keys-server.mjs', import.meta.url)), [String(count), String(delayMs)], {
    execArgv: [],
  });
  const [{ port }] = await once(child, 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    async asked() {
      child.send('asked');
      return (await once(child, 'message'))[0].asked;
    },
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** What every client of the server has to be told. */
export function awsEnvironment(url) {
  // There is no TLS here, and rclone refuses to begin where it is told of certificates.
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'AWS_CA_BUNDLE'));
  return {
    ...environment,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/**
 * @param keys the server of the input
 * @returns keys per second with their tasks stored, the milliseconds to the first task at a worker, and the most memory of the orchestrator
 */
export async function scanOnce(keys, count, { perTask = 10, nodeOptions = [] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-scan-'));
  const settings = { ...awsEnvironment(keys.url), LONGSHORE_PLUGINS: 'rgo-segmentation' };
  const { pid, url, stop } = await startOrchestrator(folder, settings, [...asShipped, ...nodeOptions]);
  try {
    const cpuBefore = await cpuSeconds(pid);
    const startedAt = performance.now();
    const job = await askApi(url, '/jobs', {
      plugin: 'rgo-segmentation',
      input: 's3://bucket/in/',
      output: 's3://bucket/out/',
      batching: { maxObjects: perTask },
      skip: { by: 'none' },
    });
    let firstTaskMs;
    let listed = 0;
    for (;;) {
      const found = await askApi(url, `/jobs/${job.id}`);
      listed = found.objects_listed;
      if (found.failure) throw new Error(found.failure.message);
      if (listed > 0) firstTaskMs ??= performance.now() - startedAt;
      if (found.scan === 'done') break;
      await sleep(listed > 0 ? lookForEndMs : lookForFirstMs);
    }
    const seconds = (performance.now() - startedAt) / 1000;
    if (listed !== count) throw new Error(`${listed} of ${count} keys were listed.`);
    const keysPerCpuSecond = count / ((await cpuSeconds(pid)) - cpuBefore);
    const peakMb = await highestMegabytes(pid);
    return { keysPerSecond: count / seconds, keysPerCpuSecond, firstTaskMs, peakMb };
  } finally {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }
}
