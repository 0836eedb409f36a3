// Installs the npm packages that the bench measures against. They are no part of the product: they have a package and a lock file of their own.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { run } from './command.mjs';
import { projectFolder } from './project.mjs';

export const packagesFolder = path.join(projectFolder, 'bench', 'peers');

export async function ensurePackages() {
  if (isInstalled()) return;
  // Not "ci", which refuses a lock file without the optional binaries of every other platform; the versions are those of the lock file all the same.
  await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
    purpose: 'Installing the packages of the bench',
    advice: 'Check the connection to the npm registry.',
    cwd: packagesFolder,
  });
}

/** npm writes its own copy of the lock file when an installation is complete. */
function isInstalled() {
  const done = path.join(packagesFolder, 'node_modules', '.package-lock.json');
  return existsSync(done) && statSync(done).mtimeMs >= statSync(path.join(packagesFolder, 'package-lock.json')).mtimeMs;
}
