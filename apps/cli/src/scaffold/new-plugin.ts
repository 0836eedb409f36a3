/** Makes the folder of a new plugin, which works as it is. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Handlebars from 'handlebars';
import { UsageError } from '../terminal/usage-error.js';

export interface NewPlugin {
  name: string;
  /** Absolute path of the folder, which is made. */
  folder: string;
  /** The image it runs in; with an image of its own, the one that is made from it. */
  image: string;
  ownImage: boolean;
  summary: string;
}

const templates = fileURLToPath(new URL('../../templates/plugin', import.meta.url));
const isTemplate = /\.hbs$/;
const longestName = 60;

/** @param taken names of plugins that are found first @throws UsageError */
export function assertName(name: string, taken: readonly string[]): void {
  if (name.startsWith('longshore-plugin-')) {
    throw new UsageError(
      `The plugin "${name}" would be the package longshore-plugin-${name}.`,
      `Leave the beginning out: longshore plugin new ${name.slice('longshore-plugin-'.length)}`,
    );
  }
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name) || name.length > longestName) {
    throw new UsageError(
      `"${name}" is no name of a plugin.`,
      `Use at most ${longestName} lower-case letters, digits and hyphens, a letter or digit first.`,
    );
  }
  if (taken.includes(name)) {
    throw new UsageError(`There is a plugin "${name}" already, which would be found instead.`, 'Choose another name.');
  }
}

/** @throws UsageError */
export function assertImage(image: string): void {
  if (/^[a-zA-Z0-9][a-zA-Z0-9._/:@-]{0,250}$/.test(image)) return;
  throw new UsageError(`"${image}" is no name of an image.`, 'Write a tag or a digest, such as busybox:1.36.');
}

/** It goes into code and into JSON. @throws UsageError */
export function assertSummary(summary: string): void {
  if (/^[^'"`\\*\p{Cc}]{1,120}$/u.test(summary) && summary.trim() !== '') return;
  throw new UsageError(
    'The summary is no plain line of text.',
    'Use at most 120 letters, without quotes, stars and backslashes; the module takes any other later.',
  );
}

/** @returns the files, by their paths below the folder @throws UsageError where the folder holds something */
export async function makePlugin(plugin: NewPlugin): Promise<string[]> {
  await assertEmpty(plugin.folder);
  const image = plugin.ownImage ? `${plugin.name}:1` : plugin.image;
  const values = { ...plugin, image, base: plugin.image };
  const made: string[] = [];
  for (const entry of await readdir(templates, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath, entry.name);
    const name = placeOf(source.slice(templates.length + 1).replace(isTemplate, ''), plugin);
    if (name === undefined) continue;
    const text = await readFile(source, 'utf8');
    const content = source.endsWith('.hbs') ? Handlebars.compile(text, { noEscape: true, strict: true })(values) : text;
    await mkdir(dirname(join(plugin.folder, name)), { recursive: true });
    await writeFile(join(plugin.folder, name), content, { flag: 'wx', mode: name.endsWith('.sh') ? 0o755 : 0o644 });
    made.push(name);
  }
  return made.sort();
}

/** The command lies in the image, where the plugin has one of its own. */
function placeOf(name: string, { ownImage }: NewPlugin): string | undefined {
  if (name === 'run.sh' && ownImage) return join('image', name);
  return name.startsWith('image') && !ownImage ? undefined : name;
}

async function assertEmpty(folder: string): Promise<void> {
  const held = await readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw new UsageError(`The folder ${folder} cannot be made: ${thrown.message}.`, 'Name another with --folder.');
  });
  if (held.length === 0) return;
  throw new UsageError(
    `The folder ${folder} holds something already.`,
    'Name another with --folder, or another plugin.',
  );
}
