/** `longshore pause`, `resume` and `cancel`: steer a job that runs. */
import { Command } from 'commander';
import { JobsClient, type Steering } from '../client/jobs-client.js';
import { example } from '../terminal/example.js';
import { addClientOptions, print, say, type ClientOptions } from './client-options.js';
import { addWaitOption, waitForEnd, type WaitOptions } from './wait-option.js';

const verbs: Record<Steering, string> = {
  pause: 'lease no more tasks of a job; what is leased goes on',
  resume: 'run a paused job on, once its cause is mended',
  cancel: 'end a job; what is being worked on is thrown away',
};

export function steerCommands(): Command[] {
  return (Object.keys(verbs) as Steering[]).map((verb) => {
    const command = addClientOptions(new Command(verb).description(verbs[verb]))
      .argument('<job>', 'a job, or "last"')
      .addHelpText('after', example(`longshore ${verb} last${verb === 'resume' ? ' --wait' : ''}`))
      .action((id: string, options: ClientOptions & WaitOptions) => steer(verb, id, options));
    return verb === 'resume' ? addWaitOption(command) : command;
  });
}

async function steer(verb: Steering, id: string, options: ClientOptions & WaitOptions): Promise<void> {
  const client = new JobsClient(options.url);
  const job = await client.steer(verb, (await client.job(id)).id);
  const text = `${job.id} is ${job.state}`;
  if (options.wait) {
    say(options, text);
    process.exitCode = await waitForEnd(client, job.id, options);
  } else print(options, { json: job, quiet: [job.id], text: `${text}\n` });
}
