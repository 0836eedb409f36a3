/** `longshore pause`, `resume` and `cancel`: steer a job that runs. */
import { Command } from 'commander';
import { JobsClient, type Steering } from '../client/jobs-client.js';
import { example } from '../terminal/example.js';
import { addClientOptions, printJson, type ClientOptions } from './client-options.js';

const verbs: Record<Steering, string> = {
  pause: 'lease no more tasks of a job; what is leased goes on',
  resume: 'run a paused job on, once its cause is mended',
  cancel: 'end a job; what is being worked on is thrown away',
};

export function steerCommands(): Command[] {
  return (Object.keys(verbs) as Steering[]).map((verb) =>
    addClientOptions(new Command(verb).description(verbs[verb]))
      .argument('<id>', 'a job, or "last"')
      .addHelpText('after', example(`longshore ${verb} last`))
      .action((id: string, options: ClientOptions) => steer(verb, id, options)),
  );
}

async function steer(verb: Steering, id: string, options: ClientOptions): Promise<void> {
  const client = new JobsClient(options.url);
  const job = await client.steer(verb, (await client.job(id)).id);
  if (options.json) printJson(job);
  else process.stdout.write(`${job.id} is ${job.state}\n`);
}
