/** Another time of day for one process: libfaketime, under whatever name the system keeps it. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './process.js';

const name = 'libfaketime.so.1';

/** @param time an offset such as `-2h`, or the path of a file that holds one and may be changed at any time */
export function fakeTime(time: { offset: string } | { file: string }): Environment {
  return {
    LD_PRELOAD: library(),
    // A step of the machine's clock leaves the monotonic one alone.
    DONT_FAKE_MONOTONIC: '1',
    ...('offset' in time ? { FAKETIME: time.offset } : { FAKETIME_TIMESTAMP_FILE: time.file, FAKETIME_NO_CACHE: '1' }),
  };
}

function library(): string {
  const folders = ['/usr/lib', '/usr/lib64', '/usr/local/lib'].filter((folder) => existsSync(folder));
  const places = folders.flatMap((folder) => [folder, ...readdirSync(folder).map((entry) => join(folder, entry))]);
  const found = places.map((place) => join(place, 'faketime', name)).find((path) => existsSync(path));
  if (found) return found;
  throw new Error(`There is no ${name}. node scripts/setup/prepare-machine.mjs faketime installs it.`);
}
