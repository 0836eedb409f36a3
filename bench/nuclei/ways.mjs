/** The ways to count nuclei in a folder of images on two cores. Each resolves when all results are there, some with the seconds that it took. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { runJob } from '../programs/jobs.mjs';
import { ownSettings } from '../programs/own-settings.mjs';

const execute = promisify(execFile);
const image = 'longshore/rgo-segmentation:1';
const program = '/app/run_segmentation.sh';
const cli = path.join(import.meta.dirname, '../../apps/cli/bin/longshore.js');

/** A container for each image, two at a time: what a shell gives. Each has a folder of its own, as they write by way of the same temporary names. */
export async function xargs({ inputs, output, names }) {
  const mounts = ['-v', `${inputs}/all/{}:/app/Inputs/{}:ro`, '-v', `${output}/{}:/app/Outputs`];
  const command = ['docker', 'run', '--rm', '--network', 'none', ...mounts, image];
  const running = execute('xargs', ['-P2', '-I{}', ...command]);
  running.child.stdin.end(`${names.join('\n')}\n`);
  await running;
}

/** A container that is there before, and two processes in it, each with one half: the container's own time, with nothing around it. */
export async function oneContainer({ container }) {
  const half = (name) => `${program} /app/Inputs/${name} /app/Outputs/${name}`;
  await execute('docker', ['exec', container, 'sh', '-c', `${half('first')} & ${half('second')} & wait`]);
}

/** `oneContainer` needs a container that waits. Resolves with its id. */
export async function startContainer({ inputs, output }) {
  const mounts = ['-v', `${inputs}:/app/Inputs:ro`, '-v', `${output}:/app/Outputs`];
  const { stdout } = await execute('docker', [
    'run',
    '--rm',
    '-d',
    '--init',
    '--network',
    'none',
    ...mounts,
    image,
    'sleep',
    '3600',
  ]);
  return stdout.trim();
}

export async function endContainer(container) {
  await execute('docker', ['rm', '--force', container]);
}

/** A job on workers that run already, until its orchestrator says that it had ended: who waits for it looks only now and then. */
export async function jobOnWorkers({ url, inputs, output, names }) {
  const batching = { maxObjects: Math.ceil(names.length / 2) };
  const givenAt = Date.now();
  const job = await runJob(url, { plugin: 'rgo-segmentation', input: path.join(inputs, 'all'), output, batching });
  return (Date.parse(job.ended_at) - givenAt) / 1000;
}

/** One command that starts an orchestrator and two workers, runs the job and ends them. */
export async function longshoreRun({ home, inputs, output, names }) {
  const places = ['--input', path.join(inputs, 'all'), '--output', output];
  const size = ['--batch-size', String(Math.ceil(names.length / 2)), '--workers', '2', '--quiet'];
  const options = { env: { ...process.env, ...ownSettings(), LONGSHORE_HOME: home } };
  await execute(process.execPath, [cli, 'run', '--plugin', 'rgo-segmentation', ...places, ...size], options);
}
