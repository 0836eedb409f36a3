import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { aptDownload } from './apt.mjs';
import { run } from './command.mjs';

/** Fills the folder with the statically linked busybox of the distribution, all its commands and the users it needs. */
export async function makeBusyboxRoot(root) {
  for (const name of ['bin', 'etc', 'home', 'root', 'tmp', 'usr/bin', 'usr/sbin', 'sbin', 'var/tmp']) {
    await mkdir(path.join(root, name), { recursive: true });
  }
  for (const name of ['tmp', 'var/tmp']) await chmod(path.join(root, name), 0o1777);

  const busybox = path.join(root, 'bin/busybox');
  await withPackage('busybox-static', (unpacked) => copyFile(programIn(unpacked), busybox));
  const applets = (await run(busybox, ['--list-full'])).split('\n');
  for (const applet of applets) {
    const link = path.join(root, applet);
    if (link !== busybox) await symlink('/bin/busybox', link);
  }

  await writeFile(
    path.join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
  );
  await writeFile(path.join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
}

/** Newer releases keep all programs below /usr. */
function programIn(unpacked) {
  const places = ['bin/busybox', 'usr/bin/busybox'].map((name) => path.join(unpacked, name));
  return places.find((file) => existsSync(file)) ?? places[0];
}

/** Unpacked and not installed: as a package it would take the place of another busybox of this machine. */
async function withPackage(name, use) {
  const folder = await mkdtemp(path.join(tmpdir(), 'longshore-package-'));
  try {
    await aptDownload(name, folder);
    const [file] = await readdir(folder);
    const unpacked = path.join(folder, 'unpacked');
    await run('dpkg-deb', ['--extract', path.join(folder, file), unpacked]);
    await use(unpacked);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
