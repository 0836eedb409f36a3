/** `longshore jobs`: what was submitted, and how far it is. */
import { Command } from 'commander';
import { example } from '../terminal/example.js';
import { JobsClient } from '../client/jobs-client.js';
import { endLines, progressLine } from '../terminal/job-text.js';
import { addClientOptions, printJson, type ClientOptions } from './client-options.js';

export function jobsCommand(): Command {
  return addClientOptions(new Command('jobs').description('list jobs, or show one ("last" is the newest)'))
    .argument('[id]', 'a job')
    .addHelpText('after', example('longshore jobs last'))
    .action(async (id: string | undefined, options: ClientOptions) => {
      const client = new JobsClient(options.url);
      if (id === undefined) await list(client, options);
      else await show(client, id, options);
    });
}

async function list(client: JobsClient, options: ClientOptions): Promise<void> {
  const page = await client.jobs(50);
  if (options.json) return printJson(page);
  for (const job of page.items) {
    process.stdout.write(`${job.id}  ${job.state.padEnd(9)}  ${job.plugin}  ${progressLine(job)}\n`);
  }
}

async function show(client: JobsClient, id: string, options: ClientOptions): Promise<void> {
  const job = await client.job(id);
  if (options.json) return printJson(job);
  const dead = await client.deadTasks(job.id, 20);
  process.stdout.write(`${[`${job.id}  ${job.plugin}  ${progressLine(job)}`, ...endLines(job, dead)].join('\n')}\n`);
}
