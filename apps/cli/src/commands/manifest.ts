/** `longshore manifest`: what became of every object that is done, as JSON lines. */
import { Command } from 'commander';
import { JobsClient } from '../client/jobs-client.js';
import { example } from '../terminal/example.js';

export function manifestCommand(): Command {
  return new Command('manifest')
    .description('print a JSON line for each object that is done: outputs, checksums, and what made them')
    .argument('<job>', 'a job, or "last"')
    .option(
      '--url <address>',
      'address of the orchestrator (LONGSHORE_URL)',
      process.env.LONGSHORE_URL ?? 'http://127.0.0.1:8480',
    )
    .addHelpText('after', example('longshore manifest last > manifest.jsonl'))
    .action(async (id: string, options: { url: string }) => {
      const client = new JobsClient(options.url);
      await client.manifest((await client.job(id)).id, process.stdout);
    });
}
