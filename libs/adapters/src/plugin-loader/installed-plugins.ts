/** Names of the plugins that are installed here. */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Looks where Node would: in every `node_modules` above this file and above the working directory. */
export async function installedPlugins(): Promise<string[]> {
  const folders = [...nodeModulesAbove(dirname(fileURLToPath(import.meta.url))), ...nodeModulesAbove(process.cwd())];
  const names = await Promise.all(
    [...new Set(folders)].map(async (folder) => [
      ...(await namesIn(join(folder, '@longshore'), 'plugin-')),
      ...(await namesIn(folder, 'longshore-plugin-')),
    ]),
  );
  return [...new Set(names.flat())].sort();
}

async function namesIn(folder: string, start: string): Promise<string[]> {
  const entries = await readdir(folder).catch(() => []);
  return entries.filter((entry) => entry.startsWith(start)).map((entry) => entry.slice(start.length));
}

function nodeModulesAbove(folder: string): string[] {
  const parent = dirname(folder);
  const here = join(folder, 'node_modules');
  return parent === folder ? [here] : [here, ...nodeModulesAbove(parent)];
}
