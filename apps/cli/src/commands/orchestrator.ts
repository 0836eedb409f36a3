/** `longshore orchestrator`: the server in the foreground. */
import { Command } from 'commander';
import { example } from '../terminal/example.js';
import { runForeground } from '../run/child-process.js';

export function orchestratorCommand(): Command {
  return new Command('orchestrator')
    .description('start an orchestrator; options override LONGSHORE_PORT, LONGSHORE_STATE, ...')
    .option('--port <number>', 'port to listen on')
    .option('--state <folder>', 'folder of its state')
    .option('--plugins <names or paths>', 'plugins jobs may use, separated by commas; all installed ones otherwise')
    .addHelpText('after', example('longshore orchestrator --port 8480 --state /var/lib/longshore'))
    .action(async ({ port, state, plugins }: { port?: string; state?: string; plugins?: string }) => {
      process.exitCode = await runForeground('@longshore/orchestrator/main', {
        ...(port !== undefined && { LONGSHORE_PORT: port }),
        ...(state !== undefined && { LONGSHORE_STATE: state }),
        ...(plugins !== undefined && { LONGSHORE_PLUGINS: plugins }),
      });
    });
}
