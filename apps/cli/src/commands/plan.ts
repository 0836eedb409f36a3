/** `longshore plan`: what a job would do, and why. */
import { Command } from 'commander';
import { loadPlugin } from '@longshore/adapters/plugin-loader';
import type { PlanAnswer, PlanRequest } from '@longshore/core/protocol';
import { JobsClient } from '../client/jobs-client.js';
import { looksLikePath } from '../job-file/job-file.js';
import { planLocally } from '../run/local-plan.js';
import { example } from '../terminal/example.js';
import { planLines, whyLines } from '../terminal/plan-text.js';
import { addTokenOptions, print, type OutputOptions } from './client-options.js';
import { addJobOptions, describeJob, type DescribedJob, type JobOptions } from './job-options.js';

type PlanOptions = JobOptions & { url?: string; why?: string; object?: string; imageDigest?: string } & OutputOptions;

export function planCommand(): Command {
  const command = addJobOptions(new Command('plan').description('say what a job would run, and why; nothing is run'));
  return addTokenOptions(command)
    .option('--url <address>', 'ask a running orchestrator, instead of one on this machine for the moment')
    .option('--why <key>', 'say what becomes of this object, and why')
    .option('--object <key>', 'show where this object lies, in the container too, and what it becomes; else the first')
    .option('--image-digest <sha256:...>', 'the image that would be run, instead of asking a worker')
    .option('--json', 'print JSON')
    .option('--quiet', 'print the number of tasks that would be run, and nothing else')
    .addHelpText('after', example('longshore plan --plugin echo --input in --output out --why a.txt'))
    .action(async (file: string | undefined, options: PlanOptions) => {
      const answer = await planOf(await describeJob(file, options), options);
      const lines = options.why === undefined ? planLines(answer) : whyLines(answer);
      print(options, { json: answer, quiet: [answer.run.tasks ?? 'unknown'], text: `${lines.join('\n')}\n` });
    });
}

async function planOf({ request, pluginSource, inFile }: DescribedJob, options: PlanOptions): Promise<PlanAnswer> {
  const { url, why, object, imageDigest } = options;
  const isHere = url === undefined || looksLikePath(pluginSource);
  const plugin = isHere ? (await loadPlugin(pluginSource)).name : pluginSource;
  const wish: PlanRequest = {
    ...request,
    plugin,
    ...(why !== undefined && { why }),
    ...(object !== undefined && { object }),
    ...(imageDigest !== undefined && { imageDigest }),
  };
  return inFile(() => (url === undefined ? planLocally(wish, pluginSource) : new JobsClient(url).plan(wish)));
}
