/** Imports an npm package that is a peer; installs it before. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensurePackages, packagesFolder } from '../../scripts/setup/bench-packages.mjs';

const require = createRequire(path.join(packagesFolder, 'package.json'));

export async function importPeer(name) {
  await ensurePackages();
  return import(pathToFileURL(require.resolve(name)));
}
