import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { run } from './command.mjs';

const folder = fileURLToPath(new URL('../../apps/dashboard/', import.meta.url));
const bin = fileURLToPath(new URL('../../node_modules/.bin/', import.meta.url));
const mark = path.join(folder, 'dist', '.built-from');
const sources = ['index.html', 'package.json', 'vite.config.mjs', 'public', 'src', '../../package-lock.json'];

/** Makes sure that the dashboard was built from its files as they are now. */
export async function ensureDashboard() {
  const wanted = await hashOfSources();
  const built = await readFile(mark, 'utf8').catch(() => undefined);
  if (built === wanted) return 'up to date';
  await run('node', [path.join(bin, 'vite'), 'build', '--logLevel', 'warn'], {
    purpose: 'Building the dashboard',
    advice: 'Run "npm ci" when something of it is missing.',
    cwd: folder,
    // The project's own Node.js, and the build that people get even where NODE_ENV says "test".
    env: { PATH: `${bin}${path.delimiter}${process.env.PATH}`, NODE_ENV: 'production' },
  });
  await writeFile(mark, wanted);
  return 'built';
}

async function hashOfSources() {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of await filesOf(path.join(folder, source))) {
      const content = await readFile(file);
      hash.update(`${path.relative(folder, file)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

async function filesOf(place) {
  const entries = await readdir(place, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!entries) return [place];
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'));
  return files.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)).sort();
}

if (process.argv[1] === import.meta.filename) console.log(`dashboard: ${await ensureDashboard()}`);
