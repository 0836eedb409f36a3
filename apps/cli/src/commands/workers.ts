/** `longshore workers`: who works here, or did. */
import type { WorkerSummary } from '@longshore/core/protocol';
import { Command } from 'commander';
import { JobsClient } from '../client/jobs-client.js';
import { example } from '../terminal/example.js';
import { workerText } from '../terminal/worker-text.js';
import { addClientOptions, print, type ClientOptions } from './client-options.js';

export function workersCommand(): Command {
  return addClientOptions(new Command('workers').description('show the workers: what they do and what they run on'))
    .option('--all', 'those that have left, too, and why')
    .addHelpText('after', example('longshore workers --all'))
    .action(async ({ url, all, ...output }: ClientOptions & { all?: true }) => {
      const items: WorkerSummary[] = [];
      for await (const worker of new JobsClient(url).everyWorker()) items.push(worker);
      const shown = all ? items : items.filter(({ state }) => state !== 'shutting-down');
      const text = shown.map(workerText).join('') || 'no workers\n';
      print(output, { json: shown, quiet: shown.map(({ id }) => id), text });
    });
}
