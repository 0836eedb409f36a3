/** `longshore worker`: one worker process in the foreground. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { example } from '../terminal/example.js';
import { runForeground } from '../run/child-process.js';

interface WorkerOptions {
  plugin?: string;
  orchestrator?: string;
  slots?: string;
  name?: string;
}

export function workerCommand(): Command {
  return new Command('worker')
    .description('start a worker; options override LONGSHORE_PLUGIN, LONGSHORE_URL, ...')
    .option('--plugin <name or path>', 'the plugin it runs')
    .option('--orchestrator <url>', 'address of the orchestrator')
    .option('--slots <number>', 'tasks it works on at the same time; auto: as many as the machine has room for')
    .option('--name <name>', 'unique among the workers of this machine')
    .addHelpText('after', example('longshore worker --plugin rgo-segmentation --orchestrator http://127.0.0.1:8480'))
    .action(async (options: WorkerOptions) => {
      const { plugin, orchestrator, slots, name } = options;
      process.exitCode = await runForeground('@longshore/worker/main', {
        ...(plugin !== undefined && { LONGSHORE_PLUGIN: /[/.]/.test(plugin) ? resolve(plugin) : plugin }),
        ...(orchestrator !== undefined && { LONGSHORE_URL: orchestrator }),
        ...(slots !== undefined && { LONGSHORE_SLOTS: slots }),
        ...(name !== undefined && { LONGSHORE_WORKER_NAME: name }),
      });
    });
}
