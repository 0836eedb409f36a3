import { aptInstall, canUseApt } from './apt.mjs';
import { onPath } from './command.mjs';

/** Makes sure that `strace` is there, with which tests kill programs at exactly the system call they want. Linux alone has it. */
export async function ensureStrace() {
  if (await onPath('strace')) return 'present';
  if (process.platform !== 'linux') return 'not for this system; the tests that need it fail here';
  if (!(await canUseApt())) {
    throw new Error(
      'strace is not installed. Install it with the package manager of this machine (sudo apt install strace).',
    );
  }
  await aptInstall(['strace']);
  return 'installed';
}
