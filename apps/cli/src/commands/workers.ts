/** `longshore workers`: who works here, or did. */
import type { WorkerSummary } from '@longshore/core/protocol';
import { Command } from 'commander';
import { JobsClient } from '../client/jobs-client.js';
import { example } from '../terminal/example.js';
import { workerText } from '../terminal/worker-text.js';
import { addClientOptions, printJson, type ClientOptions } from './client-options.js';

export function workersCommand(): Command {
  return addClientOptions(new Command('workers').description('show the workers: what they do and what they run on'))
    .option('--all', 'those that have left, too, and why')
    .addHelpText('after', example('longshore workers --all'))
    .action(async ({ url, json, all }: ClientOptions & { all?: true }) => {
      const items: WorkerSummary[] = [];
      for await (const worker of new JobsClient(url).everyWorker()) items.push(worker);
      const shown = all ? items : items.filter(({ state }) => state !== 'shutting-down');
      if (json) printJson(shown);
      else process.stdout.write(shown.map(workerText).join('') || 'no workers\n');
    });
}
