/** `longshore logs`: what containers printed. */
import { Command } from 'commander';
import { LongshoreError } from '@longshore/core';
import { JobsClient } from '../client/jobs-client.js';
import { AttemptReader, type WantedAttempts } from '../logs/attempt-reader.js';
import { followLogs } from '../logs/follow-logs.js';
import { LogPrinter } from '../logs/log-printer.js';
import { example } from '../terminal/example.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { untilInterrupted } from '../terminal/interrupt.js';
import { wholeNumber } from '../terminal/numbers.js';
import { addClientOptions, say, type ClientOptions } from './client-options.js';

type LogsOptions = ClientOptions & { task?: string; attempt?: number; failed?: true; follow?: true };

const help = `
A worker sends what a container printed when the attempt is over, the first and the last part of what is long.
So nothing is here of attempts that run, and -f prints each log as its attempt ends, until the job has ended.
Lines of several tasks begin with the task and the attempt. --json prints a JSON line for each attempt.`;

export function logsCommand(): Command {
  return addClientOptions(new Command('logs').description('print what the containers of a job printed'))
    .argument('<job>', 'a job, or "last"')
    .option('--task <id>', 'only this task')
    .option('--attempt <number>', 'only the attempts with this number', wholeNumber)
    .option('--failed', 'only attempts that were not completed')
    .option('-f, --follow', 'go on with the logs of attempts that end from now on')
    .addHelpText('after', help)
    .addHelpText('after', example('longshore logs last --failed'))
    .action(async (id: string, options: LogsOptions) => {
      const client = new JobsClient(options.url);
      const { id: jobId } = await client.job(id);
      const { task, attempt, failed = false, follow, json = false, quiet = false } = options;
      const wanted: WantedAttempts = { jobId, taskId: task, number: attempt, failed };
      const printer = new LogPrinter({ json, quiet, isOneTask: task !== undefined });
      const reader = new AttemptReader(client, wanted, printer);
      if (task !== undefined && (await client.tasks.task(task)).job_id !== jobId) {
        throw new LongshoreError('task-not-found', `Job ${jobId} has no task ${task}.`, {
          remedy: `See its tasks: longshore tasks ${jobId}.`,
        });
      }
      process.exitCode = await untilInterrupted({ jobId, quiet }, async (signal) => {
        if (follow) await followLogs(client, wanted, reader, signal);
        else await reader.pass(signal);
        if (printer.printed === 0) say(options, nothing(options));
        else if (printer.silent > 0) say(options, `Attempts that printed nothing: ${printer.silent}.`);
        return exitCodes.done;
      });
    });
}

function nothing({ task, attempt, failed }: LogsOptions): string {
  const isAll = task === undefined && attempt === undefined && failed === undefined;
  return isAll ? 'No attempt of this job has ended yet.' : 'There is no such attempt that has ended.';
}
