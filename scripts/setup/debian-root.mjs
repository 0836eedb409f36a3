import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { aptInstall, aptProxy, debianMirror } from './apt.mjs';
import { onPath, run } from './command.mjs';

const LEFT_OUT = ['groff', 'info', 'linda', 'lintian', 'locale', 'man'].map((name) => `/usr/share/${name}`);

/** Fills the folder with a minimal Debian without documentation and translations, as the "slim" images are. */
export async function makeDebianRoot(codename, root) {
  if (!(await onPath('debootstrap'))) await aptInstall(['debootstrap', 'debian-archive-keyring']);
  const mirror = await debianMirror(codename);
  await bootstrap(codename, root, mirror);
  await slim(root);
}

async function bootstrap(codename, root, mirror) {
  const proxy = await aptProxy();
  // Over HTTPS the new system could install nothing without the certificates.
  const extra = mirror?.startsWith('https:') ? ['--include=ca-certificates'] : [];
  await run('debootstrap', ['--variant=minbase', ...extra, codename, root, ...(mirror ? [mirror] : [])], {
    purpose: `Putting together Debian ${codename}`,
    advice: 'If the temporary folder is mounted with "noexec" or "nodev", set TMPDIR to another one.',
    env: proxy ? { http_proxy: proxy } : {},
  });
}

async function slim(root) {
  const inRoot = (name) => path.join(root, name);
  // Packages that are installed on top of the image follow the same rules.
  await writeFile(inRoot('etc/dpkg/dpkg.cfg.d/slim'), dpkgRules());
  await writeFile(inRoot('etc/apt/apt.conf.d/slim'), 'Acquire::Languages "none";\n');
  await forbidServices(inRoot('usr/sbin/policy-rc.d'));

  await run('find', [
    inRoot('usr/share/doc'),
    '-mindepth',
    '1',
    '-not',
    '-type',
    'd',
    '-not',
    '-name',
    'copyright',
    '-delete',
  ]);
  await run('find', [inRoot('usr/share/doc'), '-mindepth', '1', '-type', 'd', '-empty', '-delete']);
  for (const folder of LEFT_OUT) await empty(inRoot(folder));
  for (const folder of ['var/cache/apt', 'var/lib/apt/lists', 'var/log']) {
    await run('find', [inRoot(folder), '-type', 'f', '-delete']);
  }
}

function dpkgRules() {
  const rules = LEFT_OUT.map((folder) => `path-exclude ${folder}/*`);
  return ['path-exclude /usr/share/doc/*', 'path-include /usr/share/doc/*/copyright', ...rules, ''].join('\n');
}

async function forbidServices(file) {
  await writeFile(file, '#!/bin/sh\nexit 101\n');
  await chmod(file, 0o755);
}

async function empty(folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
}
