/** `longshore drain`: send a worker home. */
import { Command } from 'commander';
import { LongshoreError } from '@longshore/core';
import type { WorkerSummary } from '@longshore/core/protocol';
import { JobsClient } from '../client/jobs-client.js';
import { example } from '../terminal/example.js';
import { printable } from '../terminal/job-text.js';
import { UsageError } from '../terminal/usage-error.js';
import { addClientOptions, print, type ClientOptions } from './client-options.js';

export function drainCommand(): Command {
  return addClientOptions(new Command('drain').description('let a worker finish what it holds, and take no more'))
    .argument('<worker>', 'its id or the beginning of it, or the name of its machine where only one works there')
    .addHelpText('after', example('longshore drain 019f2c3a-7b1e-7c44-9d10-a7f300000901'))
    .action(async (name: string, options: ClientOptions) => {
      const worker = await drain(new JobsClient(options.url), name);
      const text = `${printable(worker.hostname)} drains; tasks it still holds: ${worker.held_tasks}\n`;
      print(options, { json: worker, quiet: [worker.id], text });
    });
}

async function drain(client: JobsClient, name: string): Promise<WorkerSummary> {
  try {
    return await client.drain(name);
  } catch (thrown) {
    if (!(thrown instanceof LongshoreError) || thrown.code !== 'worker-unknown') throw thrown;
    const meant: WorkerSummary[] = [];
    for await (const worker of client.everyWorker()) if (isMeant(worker, name)) meant.push(worker);
    const [only] = meant;
    if (only === undefined) throw thrown;
    if (meant.length === 1) return client.drain(only.id);
    const ids = meant.map(({ id }) => id).join(', ');
    throw new UsageError(`"${name}" may be one of ${meant.length} workers.`, `Say which by its id: ${ids}.`);
  }
}

function isMeant({ id, hostname, instance, state }: WorkerSummary, name: string): boolean {
  const names = [hostname, instance?.name, instance?.id];
  return state !== 'shutting-down' && (names.includes(name) || (name.length >= 4 && id.startsWith(name)));
}
