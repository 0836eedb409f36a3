/** One job of so many keys, listed and stored by an orchestrator of its own. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

/** As the image and the command line start it. */
const lean = ['--max-semi-space-size=16'];

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
  const main = fileURLToPath(import.meta.resolve('@longshore/orchestrator/main'));
  const environment = { LONGSHORE_STATE: folder, LONGSHORE_PORT: '0', LONGSHORE_PLUGINS: 'rgo-segmentation' };
  const child = spawn(process.execPath, [...lean, ...nodeOptions, main], {
    env: { ...awsEnvironment(keys.url), ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const api = `${await servesAt(child)}/api/v1`;
    const cpuBefore = await cpuSeconds(child.pid);
    const startedAt = performance.now();
    const job = await post(`${api}/jobs`, {
      plugin: 'rgo-segmentation',
      input: 's3://bucket/in/',
      output: 's3://bucket/out/',
      batching: { maxObjects: perTask },
      skip: { by: 'none' },
    });
    let firstTaskMs;
    let listed = 0;
    for (;;) {
      const found = await get(`${api}/jobs/${job.id}`);
      listed = found.objects_listed;
      if (found.failure) throw new Error(found.failure.message);
      if (listed > 0) firstTaskMs ??= performance.now() - startedAt;
      if (found.scan === 'done') break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const seconds = (performance.now() - startedAt) / 1000;
    if (listed !== count) throw new Error(`${listed} of ${count} keys were listed.`);
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
    const peakMb = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
    const keysPerCpuSecond = count / ((await cpuSeconds(child.pid)) - cpuBefore);
    return { keysPerSecond: count / seconds, keysPerCpuSecond, firstTaskMs, peakMb };
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a process has had of the processors, in the hundredths of a second that Linux counts. */
async function cpuSeconds(pid) {
  const [, , user, system] = /\) (\S+ ){11}(\d+) (\d+)/.exec(await readFile(`/proc/${pid}/stat`, 'utf8'));
  return (Number(user) + Number(system)) / 100;
}

async function servesAt({ stdout }) {
  const said = readline.createInterface({ input: stdout });
  return new Promise((resolve, reject) => {
    said.on('line', (line) => {
      const url = /Longshore serves at ([^\s"]+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
    said.on('close', () => reject(new Error('It never served.')));
  });
}

async function get(url) {
  return read(await fetch(url));
}

async function post(url, body) {
  return read(
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  );
}

async function read(response) {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text);
}
