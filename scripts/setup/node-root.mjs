import { chmod, copyFile, mkdir, readdir, rename, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

import { run } from './command.mjs';
import { projectFolder } from './project.mjs';

/** The version the project is built with; it brings all it needs with it. */
const NPM = 'npm@11.19.1';

/** Fills the folder with what the stock image of Node adds to its Debian: the program of the project's own Node, and npm. */
export async function makeNodeRoot(root) {
  const local = path.join(root, 'usr/local');
  const programs = path.join(local, 'bin');
  const modules = path.join(local, 'lib/node_modules');
  await mkdir(programs, { recursive: true });
  await mkdir(modules, { recursive: true });
  const node = createRequire(path.join(projectFolder, 'package.json')).resolve(`node-linux-${process.arch}/bin/node`);
  await copyFile(node, path.join(programs, 'node'));
  await chmod(path.join(programs, 'node'), 0o755);
  await unpackNpm(modules);
  for (const [name, file] of [
    ['npm', 'npm-cli.js'],
    ['npx', 'npx-cli.js'],
  ]) {
    await symlink(`../lib/node_modules/npm/bin/${file}`, path.join(programs, name));
  }
}

async function unpackNpm(modules) {
  await run('npm', ['pack', '--silent', '--pack-destination', modules, NPM], {
    purpose: `Fetching ${NPM}`,
    advice: 'Check the connection to the npm registry.',
    cwd: projectFolder,
  });
  const archive = (await readdir(modules)).find((name) => name.endsWith('.tgz'));
  await run('tar', ['--extract', '--gzip', '--no-same-owner', '--file', archive], { cwd: modules });
  await rename(path.join(modules, 'package'), path.join(modules, 'npm'));
  await run('rm', [path.join(modules, archive)]);
}
