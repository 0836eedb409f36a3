/** `longshore restore`: a backup takes the place of the state of an orchestrator that is not running. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { restoreState } from '@longshore/adapters/sqlite';
import { example } from '../terminal/example.js';

export function restoreCommand(): Command {
  return new Command('restore')
    .description('bring a backup back while the orchestrator is stopped; what was there is kept beside it')
    .argument('<file>', 'a file that "longshore backup" has made')
    .option(
      '--state <folder>',
      'folder of the state (LONGSHORE_STATE)',
      process.env.LONGSHORE_STATE ?? join(homedir(), '.longshore'),
    )
    .addHelpText('after', example('longshore restore /backups/longshore.db --state /var/lib/longshore'))
    .action((file: string, { state }: { state: string }) => {
      const path = join(state, 'state.db');
      const former = restoreState(file, path);
      const kept = former === undefined ? '' : ` What was there is in ${former}.`;
      process.stderr.write(`${path} is what ${file} holds.${kept} Start the orchestrator; every lease begins anew.\n`);
    });
}
