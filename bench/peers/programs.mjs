/** Peers that are programs: a suite is told where they lie, and their version. */
import path from 'node:path';
import { run } from '../../scripts/setup/command.mjs';
import { ensureMoto } from '../../scripts/setup/moto.mjs';
import { ensureProgram } from '../../scripts/setup/program.mjs';

const prepareMachine = path.join(import.meta.dirname, '../../scripts/setup/prepare-machine.mjs');

/** The engine and the images that suites start. */
export async function docker() {
  await run(process.execPath, [prepareMachine, 'docker', 'images'], { purpose: 'Preparing Docker' });
  return { version: await run('docker', ['version', '--format', '{{.Server.Version}}']) };
}

/** The stand-in for S3; a suite starts its own. */
export async function moto() {
  return { path: await motoServer() };
}

export async function awsCli() {
  const program = path.join(path.dirname(await motoServer()), 'aws');
  const version = /aws-cli\/(\S+)/.exec(await run(program, ['--version']))?.[1];
  return { path: program, version };
}

export async function rclone() {
  await ensureProgram('rclone');
  return { path: 'rclone', version: /v(\S+)/.exec(await run('rclone', ['version']))?.[1] };
}

async function motoServer() {
  return process.env.LONGSHORE_MOTO_SERVER ?? (await ensureMoto());
}
