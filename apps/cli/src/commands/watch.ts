/** `longshore watch`: how a job goes, while it goes. */
import { Command } from 'commander';
import { JobsClient } from '../client/jobs-client.js';
import { example } from '../terminal/example.js';
import { untilInterrupted } from '../terminal/interrupt.js';
import { exitCodeOf, reportEnd } from '../terminal/report-end.js';
import { watchJob } from '../watch/watch-job.js';
import { viewFor } from '../watch/views.js';
import { addClientOptions, type ClientOptions } from './client-options.js';

const help = `
On a terminal it is drawn in place: progress, speed, what failed and why, who works. Elsewhere a line is printed
for each change worth telling. --json prints a JSON line for each event, and the job as the last one.
It ends with the job, and with the exit code of "run": 0 done, 3 with dead letters, 1 failed or cancelled.
A paused job is waited for. Ctrl-C leaves with 130, and the job goes on.`;

export function watchCommand(): Command {
  return addClientOptions(new Command('watch').description('show how a job goes, until it has ended'))
    .argument('[job]', 'a job, or "last"', 'last')
    .addHelpText('after', help)
    .addHelpText('after', example('longshore watch last'))
    .action(async (id: string, options: ClientOptions) => {
      const client = new JobsClient(options.url);
      const { id: jobId } = await client.job(id);
      const quiet = options.quiet ?? false;
      process.exitCode = await untilInterrupted({ jobId, quiet }, async (signal) => {
        await using view = viewFor(options);
        const job = await watchJob(client, jobId, view, signal);
        await view[Symbol.asyncDispose]();
        if (options.json) process.stdout.write(`${JSON.stringify({ event: 'end', data: job })}\n`);
        else if (quiet) process.stdout.write(`${job.id}\n`);
        else await reportEnd(client, job, false);
        return exitCodeOf(job);
      });
    });
}
