/** `longshore plugin`: what can be run here. */
import { Command } from 'commander';
import { installedPlugins, loadPlugin } from '@longshore/adapters/plugin-loader';
import { parameterNames } from '@longshore/core';
import { example } from '../terminal/example.js';
import { printJson } from './client-options.js';

export function pluginCommand(): Command {
  const list = new Command('list')
    .description('list the installed plugins')
    .option('--json', 'print JSON')
    .addHelpText('after', example('longshore plugin list --json'))
    .action(async ({ json }: { json?: true }) => {
      const plugins = await Promise.all((await installedPlugins()).map(loadPlugin));
      const rows = plugins.map(({ name, version, summary, container, params }) => ({
        name,
        version,
        summary,
        image: container.image,
        params: parameterNames(params),
      }));
      if (json) return printJson(rows);
      for (const { name, version, summary, image, params } of rows) {
        process.stdout.write(
          `${name} ${version}  ${summary}\n  image ${image}; parameters ${params.join(', ') || 'none'}\n`,
        );
      }
    });
  return new Command('plugin')
    .description('show plugins')
    .addHelpText('after', example('longshore plugin list'))
    .addCommand(list);
}
