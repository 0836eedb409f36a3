/** `longshore plugin new`: a folder with a plugin that works as it is. */
import { relative, resolve } from 'node:path';
import { Command } from 'commander';
import { installedPlugins } from '@longshore/adapters/plugin-loader';
import { assertImage, assertName, assertSummary, makePlugin } from '../scaffold/new-plugin.js';
import { example } from '../terminal/example.js';
import { addOutputOptions, print, type OutputOptions } from './client-options.js';

interface NewOptions extends OutputOptions {
  folder?: string;
  image: string;
  dockerfile?: true;
  summary: string;
}

export function pluginNewCommand(): Command {
  return addOutputOptions(new Command('new').description('make a folder with a plugin that works as it is'))
    .argument('<name>', 'lower-case letters, digits and hyphens')
    .option('--folder <path>', 'where; a folder of its name here, otherwise')
    .option('--image <name>', 'the image its command runs in', 'busybox:1.36')
    .option('--dockerfile', 'with an image of its own, made from that one')
    .option('--summary <text>', 'what it does, in one line', 'Counts the lines of each file')
    .addHelpText('after', example('longshore plugin new line-tally'))
    .action(async (name: string, options: NewOptions) => {
      assertName(name, await installedPlugins());
      assertImage(options.image);
      assertSummary(options.summary);
      const folder = resolve(options.folder ?? name);
      const { image, summary } = options;
      const ownImage = options.dockerfile ?? false;
      const files = await makePlugin({ name, folder, image, ownImage, summary });
      const path = pathFromHere(folder);
      const build = ownImage ? [`docker build --tag ${name}:1 ${quoted(`${path}/image`)}`] : [];
      const next = [...build, `longshore plugin test ${quoted(path)}`, runLine(path)];
      const lines = [...files.map((file) => `${path}/${file}`), '', 'Next:', ...next.map((line) => `  ${line}`)];
      print(options, { json: { name, folder, files, next }, quiet: [folder], text: `${lines.join('\n')}\n` });
    });
}

function runLine(path: string): string {
  return `longshore run --plugin ${quoted(path)} --input ${quoted(`${path}/example/input`)} --output ${quoted(`${path}/output`)}`;
}

/** So that it is taken for a path, and not for a name. */
function pathFromHere(folder: string): string {
  const path = relative(process.cwd(), folder);
  if (path === '') return '.';
  return path.startsWith('..') ? folder : `./${path}`;
}

function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
