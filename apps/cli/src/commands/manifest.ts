/** `longshore manifest`: what became of every object that is done, as JSON lines. */
import { Command } from 'commander';
import { JobsClient } from '../client/jobs-client.js';
import { addAddressOptions, type ClientOptions } from './client-options.js';
import { example } from '../terminal/example.js';

export function manifestCommand(): Command {
  const description = 'print a JSON line for each object that is done: outputs, checksums, and what made them';
  return addAddressOptions(new Command('manifest').description(description))
    .option('--json', 'JSON lines, as without it')
    .option('--quiet', 'nothing but the lines, as without it')
    .argument('<job>', 'a job, or "last"')
    .addHelpText('after', example('longshore manifest last > manifest.jsonl'))
    .action(async (id: string, options: ClientOptions) => {
      const client = new JobsClient(options.url);
      await client.manifest((await client.job(id)).id, process.stdout);
    });
}
