/** `longshore manifest`: what became of every object that is done, as JSON lines. */
import { Command } from 'commander';
import { JobsClient } from '../client/jobs-client.js';
import { addAddressOptions } from './client-options.js';
import { example } from '../terminal/example.js';

export function manifestCommand(): Command {
  const description = 'print a JSON line for each object that is done: outputs, checksums, and what made them';
  return addAddressOptions(new Command('manifest').description(description))
    .argument('<job>', 'a job, or "last"')
    .addHelpText('after', example('longshore manifest last > manifest.jsonl'))
    .action(async (id: string, options: { url: string }) => {
      const client = new JobsClient(options.url);
      await client.manifest((await client.job(id)).id, process.stdout);
    });
}
