import { aptInstall, canUseApt } from './apt.mjs';
import { onPath } from './command.mjs';

/** Makes sure that a program of Linux is there which tests use, and which Debian's package of the other name holds. */
export async function ensureProgram(name, debianPackage = name) {
  if (await onPath(name)) return 'present';
  if (process.platform !== 'linux') return 'not for this system; the tests that need it fail here';
  if (!(await canUseApt())) {
    throw new Error(
      `${name} is not installed. Install it with the package manager of this machine (sudo apt install ${debianPackage}).`,
    );
  }
  await aptInstall([debianPackage]);
  return 'installed';
}
