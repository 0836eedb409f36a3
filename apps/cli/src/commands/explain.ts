/** `longshore explain`: why a job or a task is where it is. */
import { Command } from 'commander';
import { LongshoreError } from '@longshore/core';
import type { ExplainAnswer } from '@longshore/core/protocol';
import { JobsClient } from '../client/jobs-client.js';
import { example } from '../terminal/example.js';
import { printable } from '../terminal/job-text.js';
import { addClientOptions, print, type ClientOptions } from './client-options.js';

export function explainCommand(): Command {
  return addClientOptions(new Command('explain').description('say why a job or a task waits, runs or failed'))
    .argument('<job or task>', 'a job, a task, or "last"')
    .addHelpText('after', example('longshore explain last'))
    .action(async (id: string, options: ClientOptions) => {
      const answer = await explain(new JobsClient(options.url), id);
      const quiet = answer.sentences.map(printable);
      print(options, { json: answer, quiet, text: `${quiet.join('\n')}\n` });
    });
}

async function explain(client: JobsClient, id: string): Promise<ExplainAnswer> {
  try {
    return await client.explainJob((await client.job(id)).id);
  } catch (thrown) {
    if (!(thrown instanceof LongshoreError) || thrown.code !== 'job-not-found' || id === 'last') throw thrown;
    return client.explainTask(id);
  }
}
