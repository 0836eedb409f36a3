import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';

const TAIL_LINES = 15;
const KEPT_CHARACTERS = 200_000;

/**
 * Runs a program to its end and returns what it wrote to stdout, trimmed.
 *
 * `purpose` names what was to be achieved ("installing docker.io") and `advice` what a person can do when it fails;
 * both end up in the error, with the command and the end of its output. With `logFile` all output also goes there.
 */
export async function run(program, args, { purpose, advice, cwd, env, logFile } = {}) {
  const result = await execute(program, args, { cwd, env, logFile });
  if (result.code === 0) return result.stdout.trim();
  const how = result.problem ?? `ended with ${result.code}`;
  const parts = [`${purpose ?? program} failed: "${[program, ...args].join(' ')}" ${how}.`];
  if (advice) parts.push(advice);
  if (logFile) parts.push(`The whole output is in ${logFile}.`);
  throw new Error([parts.join(' '), tail(result.output)].filter(Boolean).join('\n'));
}

/** Whether the program could be run and ended with 0. */
export async function succeeds(program, args) {
  return (await execute(program, args)).code === 0;
}

export async function onPath(program) {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    try {
      await access(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      continue;
    }
  }
  return false;
}

export function tail(text) {
  return text.trim().split('\n').slice(-TAIL_LINES).join('\n');
}

function execute(program, args, { cwd, env, logFile } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    const log = logFile && createWriteStream(logFile);
    let stdout = '';
    let output = '';
    const end = (result) => {
      const answer = () => resolve({ stdout, output, ...result });
      if (log) log.end(answer);
      else answer();
    };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      output = (output + text).slice(-KEPT_CHARACTERS);
      log?.write(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-KEPT_CHARACTERS);
      log?.write(text);
    });
    child.on('error', (error) => end({ code: null, problem: `could not be started (${error.message})` }));
    child.on('close', (code, signal) => end({ code, problem: signal ? `was ended by ${signal}` : undefined }));
  });
}
