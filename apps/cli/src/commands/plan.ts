/** `longshore plan`: what a job would do, and why. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { loadPlugin } from '@longshore/adapters/plugin-loader';
import type { PlanRequest } from '@longshore/core/protocol';
import { JobsClient } from '../client/jobs-client.js';
import { planLocally } from '../run/local-plan.js';
import { example } from '../terminal/example.js';
import { planLines } from '../terminal/plan-text.js';
import { addTokenOptions, printJson } from './client-options.js';
import { addJobOptions, jobRequest, type JobOptions } from './job-options.js';

type PlanOptions = JobOptions & { url?: string; why?: string; imageDigest?: string; json?: true };

export function planCommand(): Command {
  const command = addJobOptions(new Command('plan').description('say what a job would run, and why; nothing is run'));
  return addTokenOptions(command)
    .option('--url <address>', 'ask a running orchestrator, instead of one on this machine for the moment')
    .option('--why <key>', 'say what becomes of this object, and why')
    .option('--image-digest <sha256:...>', 'the image that would be run, instead of asking a worker')
    .option('--json', 'print JSON')
    .addHelpText('after', example('longshore plan --plugin echo --input in --output out --why a.txt'))
    .action(async (options: PlanOptions) => {
      const answer = await (options.url === undefined ? locally(options) : remotely(options, options.url));
      if (options.json) printJson(answer);
      else process.stdout.write(`${planLines(answer).join('\n')}\n`);
    });
}

async function locally(options: PlanOptions) {
  const plugin = await loadPlugin(options.plugin);
  const source = /[/.]/.test(options.plugin) ? resolve(options.plugin) : options.plugin;
  return planLocally(planRequest(options, plugin.name), source);
}

function remotely(options: PlanOptions, url: string) {
  return new JobsClient(url).plan(planRequest(options, options.plugin));
}

function planRequest(options: PlanOptions, plugin: string): PlanRequest {
  const { why, imageDigest } = options;
  return {
    ...jobRequest(options, plugin),
    ...(why !== undefined && { why }),
    ...(imageDigest !== undefined && { imageDigest }),
  };
}
