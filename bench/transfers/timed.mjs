/** Runs a command to its end, and tells how long it took and what it and its children cost in CPU time, or what it says of itself. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** The shell's own word knows all children; its last line is ours. */
const script = `TIMEFORMAT='%R %U %S'; time "$@"`;

export async function timed([program, ...args], { env = {}, cwd } = {}) {
  const options = { cwd, env: { ...process.env, LC_ALL: 'C', ...env }, stdio: ['ignore', 'pipe', 'pipe'] };
  const child = spawn('bash', ['-c', script, 'bash', program, ...args], options);
  const ended = new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [told, said] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const code = await ended;
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${said.trim().split('\n').slice(0, 5).join(' | ')}`);
  if (told.startsWith('{')) return { ...JSON.parse(told), tellsItself: true };
  const [seconds, user, system] = said.trim().split('\n').at(-1).split(' ').map(Number);
  return { seconds, cpuSeconds: user + system };
}
