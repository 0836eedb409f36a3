/** `longshore plugin`: what can be run here, and what will be. */
import { Command } from 'commander';
import { installedPlugins, loadPlugin } from '@longshore/adapters/plugin-loader';
import { parameterNames } from '@longshore/core';
import { example } from '../terminal/example.js';
import { addOutputOptions, print, type OutputOptions } from './client-options.js';
import { pluginNewCommand } from './plugin-new.js';
import { pluginTestCommand } from './plugin-test.js';

export function pluginCommand(): Command {
  const list = addOutputOptions(new Command('list').description('list the installed plugins'))
    .addHelpText('after', example('longshore plugin list --json'))
    .action(async (output: OutputOptions) => {
      const plugins = await Promise.all((await installedPlugins()).map(loadPlugin));
      const rows = plugins.map(({ name, version, summary, container, params }) => ({
        name,
        version,
        summary,
        image: container.image,
        params: parameterNames(params),
      }));
      const text = rows.map(
        ({ name, version, summary, image, params }) =>
          `${name} ${version}  ${summary}\n  image ${image}; parameters ${params.join(', ') || 'none'}\n`,
      );
      print(output, { json: rows, quiet: rows.map(({ name }) => name), text: text.join('') });
    });
  return new Command('plugin')
    .description('make, try and show plugins')
    .addHelpText('after', example('longshore plugin list'))
    .addCommand(pluginNewCommand())
    .addCommand(pluginTestCommand())
    .addCommand(list);
}
