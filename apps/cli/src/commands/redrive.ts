/** `longshore redrive`: try dead letters again. */
import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { JobsClient } from '../client/jobs-client.js';
import { example } from '../terminal/example.js';
import { addClientOptions, print, say, type ClientOptions } from './client-options.js';
import { addWaitOption, waitForEnd, type WaitOptions } from './wait-option.js';

type RedriveOptions = ClientOptions & WaitOptions & { reason?: string; group?: string; key?: string; task?: string };

const difference = `
A dead letter is an object that was set aside: it is out of attempts, or was refused. "redrive" gives it all
its attempts back, and a job that has ended runs on. Tasks that still wait for their next try are no dead
letters: "longshore retry" tries those now.`;

export function redriveCommand(): Command {
  const command = new Command('redrive').description('try dead letters again, with full budgets');
  return addWaitOption(addClientOptions(command))
    .argument('<job>', 'a job, or "last"')
    .option('--reason <code>', 'only those with this reason, such as timed-out')
    .option('--group <id>', 'only those of this cause, as the dashboard and the API tell it')
    .option('--key <key>', 'only the object with this key')
    .option('--task <id>', 'only this task')
    .addHelpText('after', difference)
    .addHelpText('after', example('longshore redrive last --reason out-of-memory'))
    .action(async (id: string, options: RedriveOptions) => {
      const client = new JobsClient(options.url);
      const { reason, group, key, task } = options;
      const wanted = { ...(reason && { reason }), ...(group && { group }), ...(key && { key }), ...(task && { task }) };
      const job = await client.job(id);
      const answer = await client.redrive(job.id, wanted, randomUUID());
      const refused = answer.refused > 0 ? `; refused by name, and would be again: ${answer.refused}` : '';
      if (answer.redriven + answer.refused === 0) {
        say(options, `No dead letter is meant by that; see those there are: longshore dead ${job.id}`);
      }
      const text = `objects tried again: ${answer.redriven}${refused}`;
      if (options.wait) {
        say(options, text);
        process.exitCode = await waitForEnd(client, job.id, options);
      } else print(options, { json: answer, quiet: [answer.redriven], text: `${text}\n` });
    });
}
