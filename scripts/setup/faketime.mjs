import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { aptInstall, canUseApt } from './apt.mjs';

const LIBRARY = 'libfaketime.so.1';
const FOLDERS = ['/usr/lib', '/usr/lib64', '/usr/local/lib'];

/** Makes sure that a process can be given another time of day, as the tests of wrong clocks do. Linux alone has it. */
export async function ensureFaketime() {
  if (find()) return 'present';
  if (process.platform !== 'linux') return 'not for this system; the tests that need it fail here';
  if (!(await canUseApt())) {
    throw new Error(
      `${LIBRARY} is not installed. Install it with the package manager of this machine (sudo apt install libfaketime).`,
    );
  }
  await aptInstall(['libfaketime']);
  return 'installed';
}

function find() {
  const folders = FOLDERS.filter((folder) => existsSync(folder));
  const places = folders.flatMap((folder) => [folder, ...readdirSync(folder).map((name) => path.join(folder, name))]);
  return places.map((place) => path.join(place, 'faketime', LIBRARY)).find((file) => existsSync(file));
}
