/** `longshore backup`: a copy of the state of a running orchestrator. */
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { Command } from 'commander';
import { JobsClient } from '../client/jobs-client.js';
import { addClientOptions, printJson, say, type ClientOptions } from './client-options.js';
import { example } from '../terminal/example.js';

export function backupCommand(): Command {
  return addClientOptions(new Command('backup').description('copy the state of a running orchestrator into a file'))
    .argument('<file>', 'where to; a file that is there is replaced once the copy is complete')
    .addHelpText('after', example('longshore backup /backups/longshore.db'))
    .action(async (file: string, { url, ...output }: ClientOptions) => {
      const part = `${file}.part`;
      try {
        const target = createWriteStream(part, { mode: 0o600 });
        await new JobsClient(url).backup(target);
        target.end();
        await once(target, 'close');
        await using written = await open(part, 'r');
        await written.sync();
        await rename(part, file);
      } catch (thrown) {
        await rm(part, { force: true });
        throw thrown;
      }
      say(output, `The state is in ${file}; "longshore restore ${file}" brings it back.`);
      if (output.json) printJson({ file });
    });
}
