/** PostgreSQL with the settings it has by default: a cluster of our own in a temporary folder, on loopback. */
import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@longshore/adapters/testing';
import { startProgram } from '../framework/program.mjs';
import { run } from '../../scripts/setup/command.mjs';
import { ensurePostgresql } from '../../scripts/setup/bench-servers.mjs';

const USER = 'longshore';

export async function postgresql(cleanup) {
  const programs = await ensurePostgresql();
  const folder = await mkdtemp(path.join(tmpdir(), 'longshore-bench-postgresql-'));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const owner = await unprivileged();
  if (owner.uid !== undefined) await chown(folder, owner.uid, owner.gid);
  const data = path.join(folder, 'data');
  const init = ['--pgdata', data, '--username', USER, '--auth', 'trust', '--encoding', 'UTF8', '--no-locale'];
  await promisify(execFile)(path.join(programs, 'initdb'), init, { ...owner, cwd: folder });

  const port = await freePort();
  const place = [
    '-D',
    data,
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `unix_socket_directories=${folder}`,
  ];
  const server = await startProgram(path.join(programs, 'postgres'), place, {
    ...owner,
    cwd: folder,
    ready: /database system is ready to accept connections/,
    endBy: 'SIGINT', // Does not wait for its clients.
  });
  cleanup.defer(server.stop);
  const version = /\) (\S+)/.exec(await run(path.join(programs, 'postgres'), ['--version']))?.[1];
  return { version, connectionString: `postgres://${USER}@127.0.0.1:${port}/postgres` };
}

/** It refuses to run as root. */
async function unprivileged() {
  if (process.getuid() !== 0) return {};
  const number = async (option) =>
    Number(await run('id', [option, 'postgres'], { purpose: 'Finding the user postgres' }));
  return { uid: await number('-u'), gid: await number('-g') };
}
