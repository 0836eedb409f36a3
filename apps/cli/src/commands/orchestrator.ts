/** `longshore orchestrator`: the server in the foreground. */
import { Command } from 'commander';
import { runForeground } from '../run/child-process.js';

export function orchestratorCommand(): Command {
  return new Command('orchestrator')
    .description('start an orchestrator; options override LONGSHORE_PORT, LONGSHORE_STATE, ...')
    .option('--port <number>', 'port to listen on')
    .option('--state <file>', 'file of its state')
    .option('--plugins <names or paths>', 'plugins jobs may use, separated by commas; all installed ones otherwise')
    .action(async ({ port, state, plugins }: { port?: string; state?: string; plugins?: string }) => {
      process.exitCode = await runForeground('@longshore/orchestrator/main', {
        ...(port !== undefined && { LONGSHORE_PORT: port }),
        ...(state !== undefined && { LONGSHORE_STATE: state }),
        ...(plugins !== undefined && { LONGSHORE_PLUGINS: plugins }),
      });
    });
}
