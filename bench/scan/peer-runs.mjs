/** What others need to list the same keys, with nothing done with them. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { awsEnvironment } from './scan-run.mjs';

/** @returns keys per second */
export async function sdkRate(keys, count) {
  const program = fileURLToPath(new URL('sdk-list.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env: awsEnvironment(keys.url) });
  const [found, seconds] = stdout.split(' ').map(Number);
  if (found !== count) throw new Error(`the SDK found ${found} of ${count} keys`);
  return count / seconds;
}

export function rcloneRate(path, keys, count) {
  const bucket = `:s3,provider=Other,env_auth=true,force_path_style=true,list_version=2,endpoint="${keys.url}":bucket/in`;
  return linesRate(path, ['lsf', '--files-only', '-R', '--fast-list', '--config', '', bucket], keys, count);
}

export function awsCliRate(path, keys, count) {
  const query = ['--query', 'Contents[].[Key]', '--output', 'text'];
  return linesRate(path, ['s3api', 'list-objects-v2', '--bucket', 'bucket', '--prefix', 'in/', ...query], keys, count);
}

/** A program that prints a line for each key. */
async function linesRate(program, args, keys, count) {
  const startedAt = performance.now();
  const child = spawn(program, args, { env: awsEnvironment(keys.url), stdio: ['ignore', 'pipe', 'pipe'] });
  let lines = 0;
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  child.stdout.on('data', (chunk) => {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
  });
  const [code] = await once(child, 'close');
  if (code !== 0 || lines !== count)
    throw new Error(`${lines} of ${count} keys, exit code ${code}: ${said.slice(-300)}`);
  return count / ((performance.now() - startedAt) / 1000);
}
