/** `longshore resume`: run a paused job on. */
import { Command } from 'commander';
import { example } from '../terminal/example.js';
import { JobsClient } from '../client/jobs-client.js';
import { addClientOptions, printJson, type ClientOptions } from './client-options.js';

export function resumeCommand(): Command {
  return addClientOptions(new Command('resume').description('run a paused job on, once its cause is mended'))
    .argument('<id>', 'a job, or "last"')
    .addHelpText('after', example('longshore resume last'))
    .action(async (id: string, options: ClientOptions) => {
      const client = new JobsClient(options.url);
      const job = await client.resume((await client.job(id)).id);
      if (options.json) printJson(job);
      else process.stdout.write(`${job.id} is ${job.state} again\n`);
    });
}
