/** `longshore redrive`: try dead letters again. */
import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { JobsClient } from '../client/jobs-client.js';
import { example } from '../terminal/example.js';
import { addClientOptions, printJson, type ClientOptions } from './client-options.js';

type RedriveOptions = ClientOptions & { reason?: string; group?: string; key?: string; task?: string };

export function redriveCommand(): Command {
  return addClientOptions(new Command('redrive').description('try dead letters again, with full budgets'))
    .argument('<job>', 'a job, or "last"')
    .option('--reason <code>', 'only those with this reason, such as timed-out')
    .option('--group <id>', 'only those of this cause, as the dashboard and the API tell it')
    .option('--key <key>', 'only the object with this key')
    .option('--task <id>', 'only this task')
    .addHelpText('after', example('longshore redrive last --reason out-of-memory'))
    .action(async (id: string, options: RedriveOptions) => {
      const client = new JobsClient(options.url);
      const { reason, group, key, task } = options;
      const wanted = { ...(reason && { reason }), ...(group && { group }), ...(key && { key }), ...(task && { task }) };
      const answer = await client.redrive((await client.job(id)).id, wanted, randomUUID());
      if (options.json) return printJson(answer);
      const refused = answer.refused > 0 ? `; refused by name, and would be again: ${answer.refused}` : '';
      process.stdout.write(`objects tried again: ${answer.redriven}${refused}\n`);
    });
}
