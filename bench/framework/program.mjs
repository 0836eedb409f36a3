/** Starts a program that stays, such as a server, and ends it; what it prints is shown only when it fails. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const KEPT_CHARACTERS = 20_000;
const PATIENCE_MS = 30_000;
const END_MS = 5_000;
const running = new Set();

// The last resort, when this process ends before its clean-up.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Resolves once the program serves: when it has printed what `ready` matches (with the match), or when `ready()` is true.
 * `stop()` ends it: politely, and after some seconds for good.
 */
export async function startProgram(program, args, { ready, env, cwd, uid, gid, endBy = 'SIGTERM' } = {}) {
  const options = { cwd, uid, gid, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] };
  const child = spawn(program, args, options);
  running.add(child);
  let said = '';
  let problem;
  const hear = (text) => (said = (said + text).slice(-KEPT_CHARACTERS));
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  child.once('error', (error) => (problem = error.message));
  const ended = new Promise((resolve) => child.once('close', resolve)).then(() => running.delete(child));

  const stop = async () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(endBy);
    await Promise.race([ended, sleep(END_MS, undefined, { ref: false })]);
    child.kill('SIGKILL');
    await ended;
  };
  const isOver = () => problem !== undefined || child.exitCode !== null || child.signalCode !== null;
  const matched = await until(async () => isOver() || (await isReady(ready, said)));
  if (matched && !isOver()) return { pid: child.pid, matched, stop, said: () => said };
  await stop();
  const how = problem ?? (matched ? 'it ended at once' : `it did not serve within ${PATIENCE_MS / 1000} s`);
  throw new Error(`${[program, ...args].join(' ')}: ${how}\n${said.trim()}`);
}

function isReady(ready, said) {
  if (ready === undefined) return true;
  return ready instanceof RegExp ? ready.exec(said) : ready(said);
}

async function until(condition) {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(20)) {
    const result = await condition();
    if (result) return result;
  }
  return undefined;
}
