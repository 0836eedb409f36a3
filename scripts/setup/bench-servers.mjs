// Installs Redis and PostgreSQL for the bench: their programs only. The bench starts its own servers; none of the system is started.
import { access, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { aptInstall, canUseApt } from './apt.mjs';
import { onPath } from './command.mjs';

const POLICY = '/usr/sbin/policy-rc.d';
const POSTGRESQL = '/usr/lib/postgresql';

/** Resolves with the program of the server. */
export async function ensureRedis() {
  if (!(await onPath('redis-server'))) await installOnly('redis-server');
  return 'redis-server';
}

/** Resolves with the folder of its programs. */
export async function ensurePostgresql() {
  if (!(await postgresqlFolder())) await installOnly('postgresql');
  const folder = await postgresqlFolder();
  if (!folder) throw new Error(`PostgreSQL is installed, but there is no initdb on the PATH and none in ${POSTGRESQL}`);
  return folder;
}

/** Debian keeps them off the PATH, each version in its own folder; elsewhere they are on it. */
async function postgresqlFolder() {
  const versions = await readdir(POSTGRESQL).catch(() => []);
  const newest = versions.toSorted((one, other) => Number(other) - Number(one));
  const folders = [
    ...newest.map((version) => path.join(POSTGRESQL, version, 'bin')),
    ...process.env.PATH.split(path.delimiter),
  ];
  for (const folder of folders) if (await exists(path.join(folder, 'initdb'))) return folder;
  return undefined;
}

/** Debian starts a server when it is installed, unless this file forbids it. */
async function installOnly(name) {
  if (!(await canUseApt()))
    throw new Error(`${name} is not installed. Install it with the package manager of this machine.`);
  const forbid = !(await exists(POLICY));
  if (forbid) await writeFile(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await aptInstall([name]);
  } finally {
    if (forbid) await rm(POLICY);
  }
}

function exists(file) {
  return access(file).then(
    () => true,
    () => false,
  );
}
