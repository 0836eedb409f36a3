import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { aptInstall, aptKnows, canUseApt } from './apt.mjs';
import { onPath, run, succeeds, tail } from './command.mjs';

const START_LIMIT_MS = 90_000;
const PROBE_MS = 500;

/** Makes sure that a Docker Engine answers; returns its version and storage driver. */
export async function ensureDockerEngine() {
  if (await answers()) return describe();
  await refuseWhatOnlyAPersonCanMend();
  if (!(await onPath('dockerd'))) await aptInstall(['docker.io']);
  // Newer releases ship the command line in a package of its own.
  if (!(await onPath('docker'))) await aptInstall([(await aptKnows('docker-cli')) ? 'docker-cli' : 'docker.io']);
  if (!(await answers())) await start();
  return describe();
}

function answers() {
  return succeeds('docker', ['version', '--format', '{{.Server.Version}}']);
}

async function describe() {
  const [version, driver] = (await run('docker', ['info', '--format', '{{.ServerVersion}} {{.Driver}}'])).split(' ');
  return { version, driver };
}

async function refuseWhatOnlyAPersonCanMend() {
  const host = process.env.DOCKER_HOST;
  if (host) {
    throw new Error(`No Docker Engine answers at DOCKER_HOST=${host}. Start it there, or unset DOCKER_HOST.`);
  }
  if (await canUseApt()) return;
  if (!(await onPath('docker'))) {
    throw new Error(
      'Docker is not installed, or "docker" is not on the PATH. Install Docker Desktop (macOS, Windows) or Docker ' +
        'Engine (Linux), start it and try again.',
    );
  }
  if (process.platform !== 'linux') {
    throw new Error('Docker is installed, but its engine does not answer. Start Docker Desktop and try again.');
  }
  throw new Error(
    'Docker is installed, but its engine does not answer to this user. Start it (sudo systemctl start docker); if it ' +
      'is running, join its group (sudo usermod -aG docker "$USER") and log in again.',
  );
}

async function start() {
  if (existsSync('/run/systemd/system')) {
    const advice = 'See "journalctl -u docker" for the reason.';
    await run('systemctl', ['start', 'docker'], { purpose: 'Starting the Docker Engine', advice });
    return;
  }
  const logFile = path.join(await mkdtemp(path.join(tmpdir(), 'longshore-dockerd-')), 'dockerd.log');
  const daemon = await startDetached('dockerd', logFile);
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await answers())) {
    if (daemon.exitCode !== null || Date.now() > deadline) throw await notStarted(daemon, logFile);
    await sleep(PROBE_MS);
  }
}

async function startDetached(program, logFile) {
  const log = await open(logFile, 'a');
  const child = spawn(program, [], { detached: true, stdio: ['ignore', log.fd, log.fd] });
  child.unref();
  await log.close();
  return child;
}

async function notStarted(daemon, logFile) {
  const what = daemon.exitCode === null ? `did not answer within ${START_LIMIT_MS / 1000} s` : 'ended at once';
  return new Error(
    `The Docker Engine was started as "dockerd" but ${what}. Its log, ${logFile}, ends with the reason:\n` +
      tail(await readFile(logFile, 'utf8')),
  );
}
