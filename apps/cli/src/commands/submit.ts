/** `longshore submit`: give a job to a running orchestrator. */
import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { example } from '../terminal/example.js';
import { loadPlugin } from '@longshore/adapters/plugin-loader';
import { JobsClient } from '../client/jobs-client.js';
import { looksLikePath } from '../job-file/job-file.js';
import { addClientOptions, print, say, type ClientOptions } from './client-options.js';
import { addJobOptions, describeJob, type JobOptions } from './job-options.js';
import { addWaitOption, waitForEnd, type WaitOptions } from './wait-option.js';

type SubmitOptions = JobOptions & ClientOptions & WaitOptions & { idempotencyKey?: string };

export function submitCommand(): Command {
  const command = addJobOptions(new Command('submit').description('give a job to a running orchestrator'));
  return addWaitOption(addClientOptions(command))
    .option('--idempotency-key <key>', 'the same key again gives the same job, not a second one')
    .addHelpText(
      'after',
      example('longshore submit --plugin echo --input s3://bucket/in/ --output s3://bucket/out/ --wait'),
    )
    .action(async (file: string | undefined, options: SubmitOptions) => {
      const { request, pluginSource, inFile } = await describeJob(file, options);
      // The orchestrator knows plugins by their names.
      const plugin = looksLikePath(pluginSource) ? (await loadPlugin(pluginSource)).name : pluginSource;
      const client = new JobsClient(options.url);
      const job = await inFile(() => client.submit({ ...request, plugin }, options.idempotencyKey ?? randomUUID()));
      if (options.wait) {
        say(options, `Job ${job.id}`);
        process.exitCode = await waitForEnd(client, job.id, options);
      } else print(options, { json: job, quiet: [job.id], text: `${job.id}\n` });
    });
}
