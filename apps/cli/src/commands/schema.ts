/** `longshore schema`: the JSON Schema of job files, for editors and other programs. */
import { Command } from 'commander';
import { loadPlugin } from '@longshore/adapters/plugin-loader';
import { jobSchema } from '@longshore/core/json-schema';
import { example } from '../terminal/example.js';
import { printJson } from './client-options.js';

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of job files, by which an editor checks and completes them')
    .option('--plugin <name or path>', 'describe the parameters of this plugin, too')
    .addHelpText('after', example('longshore schema --plugin rgo-segmentation > job.schema.json'))
    .action(async ({ plugin }: { plugin?: string }) => {
      printJson(jobSchema(plugin === undefined ? undefined : await loadPlugin(plugin)));
    });
}
