/** `longshore jobs`: what was submitted, and how far it is. */
import { Command } from 'commander';
import type { JobSummary } from '@longshore/core/protocol';
import { example } from '../terminal/example.js';
import { JobsClient } from '../client/jobs-client.js';
import { endLines, printable, progressLine } from '../terminal/job-text.js';
import { addClientOptions, print, type ClientOptions } from './client-options.js';

export function jobsCommand(): Command {
  return addClientOptions(new Command('jobs').description('list jobs, or show one ("last" is the newest)'))
    .argument('[job]', 'a job, or "last"')
    .addHelpText('after', example('longshore jobs last'))
    .action(async (id: string | undefined, options: ClientOptions) => {
      const client = new JobsClient(options.url);
      if (id === undefined) await list(client, options);
      else await show(client, id, options);
    });
}

async function list(client: JobsClient, options: ClientOptions): Promise<void> {
  const page = await client.jobs(50);
  print(options, {
    json: page,
    quiet: page.items.map(({ id }) => id),
    text: page.items.length > 0 ? page.items.map(line).join('') : 'no jobs\n',
  });
}

function line(job: JobSummary): string {
  return `${job.id}  ${job.state.padEnd(9)}  ${printable(job.plugin)}  ${progressLine(job)}\n`;
}

async function show(client: JobsClient, id: string, options: ClientOptions): Promise<void> {
  const job = await client.job(id);
  const dead = options.json || options.quiet ? [] : await client.deadTasks(job.id, 20);
  const lines = [`${job.id}  ${job.plugin}  ${progressLine(job)}`, ...endLines(job, dead)];
  print(options, { json: job, quiet: [job.id], text: `${lines.join('\n')}\n` });
}
