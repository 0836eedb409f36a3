/** `longshore run`: everything on this machine, to the end. */
import { Command } from 'commander';
import { example } from '../terminal/example.js';
import { loadPlugin } from '@longshore/adapters/plugin-loader';
import { withAdvice } from '../run/advice.js';
import { runLocally, type LocalRun } from '../run/local-run.js';
import { wholeNumber } from '../terminal/numbers.js';
import { addJobOptions, describeJob, type JobOptions } from './job-options.js';

interface RunOptions extends JobOptions {
  workers: number;
  slots: number;
  json?: true;
  quiet?: true;
}

export function runCommand(): Command {
  return addJobOptions(new Command('run').description('run a job on this machine, to its end'))
    .option('--workers <number>', 'worker processes to start', wholeNumber, 2)
    .option('--slots <number>', 'tasks each worker works on at the same time', wholeNumber, 1)
    .option('--json', 'print the job as JSON at the end')
    .option('--quiet', 'say nothing on the way')
    .addHelpText(
      'after',
      example('longshore run --plugin rgo-segmentation --input examples/nuclei/images --output results'),
    )
    .action(async (file: string | undefined, options: RunOptions) => {
      const { request, pluginSource, inFile } = await describeJob(file, options);
      const plugin = await loadPlugin(pluginSource);
      const run: LocalRun = {
        request: { ...request, plugin: plugin.name },
        pluginSource,
        workers: Math.max(1, options.workers),
        slots: Math.max(1, options.slots),
        json: options.json ?? false,
        quiet: options.quiet ?? false,
      };
      process.exitCode = await inFile(() => runLocally(run)).catch((thrown: unknown) => {
        throw withAdvice(thrown);
      });
    });
}
