/** `longshore drain`: send a worker home. */
import { Command } from 'commander';
import { JobsClient } from '../client/jobs-client.js';
import { example } from '../terminal/example.js';
import { printable } from '../terminal/job-text.js';
import { addClientOptions, printJson, type ClientOptions } from './client-options.js';

export function drainCommand(): Command {
  return addClientOptions(new Command('drain').description('let a worker finish what it holds, and take no more'))
    .argument('<worker>', 'the id of a worker')
    .addHelpText('after', example('longshore drain 019f2c3a-7b1e-7c44-9d10-a7f300000901'))
    .action(async (id: string, options: ClientOptions) => {
      const worker = await new JobsClient(options.url).drain(id);
      if (options.json) return printJson(worker);
      process.stdout.write(`${printable(worker.hostname)} drains; tasks it still holds: ${worker.held_tasks}\n`);
    });
}
