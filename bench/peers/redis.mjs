/** Redis, twice: with the persistence it has by default, and with every write synced before it is answered. On loopback, in temporary folders. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@longshore/adapters/testing';
import { startProgram } from '../framework/program.mjs';
import { run } from '../../scripts/setup/command.mjs';
import { ensureRedis } from '../../scripts/setup/bench-servers.mjs';

/** What Redis does when nobody configures it: a snapshot now and then. A machine that fails loses what came after the last one. */
const byDefault = ['--appendonly', 'no', '--save', '3600 1 300 100 60 10000'];
/** As durable as a database: whatever was answered survives. */
const always = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];

/** `url` keeps what it has by default, `always.url` syncs every write. */
export async function redis(cleanup) {
  const program = await ensureRedis();
  const version = /v=(\S+)/.exec(await run(program, ['--version']))?.[1];
  const url = await start(program, byDefault, cleanup);
  return { version, url, always: { version, url: await start(program, always, cleanup) } };
}

async function start(program, settings, cleanup) {
  const folder = await mkdtemp(path.join(tmpdir(), 'longshore-bench-redis-'));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
  const server = await startProgram(program, [...place, ...settings], { ready: /Ready to accept connections/ });
  cleanup.defer(server.stop);
  return `redis://127.0.0.1:${port}`;
}
