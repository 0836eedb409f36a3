/** `longshore dead`: the dead letters of a job, by reason. */
import { Command } from 'commander';
import { readReason } from '@longshore/core';
import type { TaskAnswer } from '@longshore/core/protocol';
import { JobsClient } from '../client/jobs-client.js';
import { counted } from '../terminal/counted.js';
import { example } from '../terminal/example.js';
import { lastLines, printable } from '../terminal/job-text.js';
import { wholeNumber } from '../terminal/numbers.js';
import { addClientOptions, print, say, type ClientOptions } from './client-options.js';

type DeadOptions = ClientOptions & { reason?: string; limit: number };

export function deadCommand(): Command {
  return addClientOptions(new Command('dead').description('show the dead letters of a job: key, reason, last lines'))
    .argument('<job>', 'a job, or "last"')
    .option('--reason <code>', 'only those with this reason, such as command-failed')
    .option('--limit <number>', 'show no more than this', wholeNumber, 100)
    .addHelpText('after', example('longshore dead last --reason timed-out'))
    .action(async (id: string, options: DeadOptions) => {
      const client = new JobsClient(options.url);
      const reason = options.reason === undefined ? undefined : readReason(options.reason);
      const dead: TaskAnswer[] = [];
      const job = await client.job(id);
      for await (const task of client.everyDeadTask(job.id)) {
        if (reason === undefined || task.failure?.code === reason) dead.push(task);
        if (dead.length >= options.limit) break;
      }
      const text = dead.length > 0 ? deadText(dead) : nothing(reason);
      print(options, { json: dead, quiet: dead.map((task) => task.id), text });
      if (dead.length > 0 && !options.json) say(options, wayOut(job.id));
    });
}

function deadText(dead: readonly TaskAnswer[]): string {
  const byReason = Map.groupBy(dead, (task) => task.failure?.code ?? 'internal-error');
  return [...byReason].map(([code, tasks]) => `${code} (${tasks.length})\n${tasks.map(letter).join('')}`).join('');
}

function wayOut(jobId: string): string {
  return `Once the cause is mended: longshore redrive ${jobId}; where an input was replaced, submit the job again instead.`;
}

function nothing(reason: string | undefined): string {
  return reason === undefined ? 'no dead letters\n' : `no dead letters with the reason ${reason}\n`;
}

function letter({ id, file_names, failure, failed_attempts, losses }: TaskAnswer): string {
  const tried = `task ${id}, ${counted(failed_attempts, 'attempt')} failed, ${losses} lost`;
  return [
    `  ${file_names.map(printable).join(', ')}  (${tried})`,
    `    ${printable(failure?.message ?? '')}`,
    ...lastLines(failure?.log).map((line) => `    | ${printable(line)}`),
    '',
  ].join('\n');
}
