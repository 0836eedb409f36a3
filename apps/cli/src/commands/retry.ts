/** `longshore retry`: do not wait for the delay. */
import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { JobsClient } from '../client/jobs-client.js';
import { example } from '../terminal/example.js';
import { addClientOptions, print, say, type ClientOptions } from './client-options.js';
import { addWaitOption, waitForEnd, type WaitOptions } from './wait-option.js';

type RetryOptions = ClientOptions & WaitOptions & { task?: string };

const difference = `
A task that failed waits before it is tried again, a little longer each time. "retry" ends that wait;
what it may still fail stays as it is. Objects that are out of attempts are dead letters and wait for
nothing: "longshore redrive" tries those again, with full budgets.`;

export function retryCommand(): Command {
  const command = new Command('retry').description('try tasks that wait for their retry delay now');
  return addWaitOption(addClientOptions(command))
    .argument('<job>', 'a job, or "last"')
    .option('--task <id>', 'only this task')
    .addHelpText('after', difference)
    .addHelpText('after', example('longshore retry last --wait'))
    .action(async (id: string, options: RetryOptions) => {
      const client = new JobsClient(options.url);
      const job = await client.job(id);
      const { task } = options;
      const answer = await client.retry(job.id, { ...(task !== undefined && { task }) }, randomUUID());
      const text = `tasks that wait no longer: ${answer.hastened}`;
      if (answer.hastened === 0 && job.objects.dead > 0) {
        say(
          options,
          `No task waits for its delay. ${job.objects.dead} objects are set aside: longshore redrive ${job.id}`,
        );
      }
      if (options.wait) {
        say(options, text);
        process.exitCode = await waitForEnd(client, job.id, options);
      } else print(options, { json: answer, quiet: [answer.hastened], text: `${text}\n` });
    });
}
