/** `longshore invariants`: whether everything that is promised holds. */
import { Command, Option } from 'commander';
import { outputDepths, type OutputDepth } from '@longshore/core';
import type { InvariantAnswer } from '@longshore/core/protocol';
import { JobsClient } from '../client/jobs-client.js';
import { example } from '../terminal/example.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { printable } from '../terminal/job-text.js';
import { addClientOptions, print, type ClientOptions } from './client-options.js';

interface InvariantsOptions extends ClientOptions {
  outputs: OutputDepth;
  exclusive?: true;
}

export function invariantsCommand(): Command {
  return addClientOptions(new Command('invariants').description('look whether everything that is promised holds'))
    .argument('[job]', 'a job, or "last"; every job otherwise')
    .addOption(
      new Option('--outputs <depth>', 'how closely outputs are looked at').choices(outputDepths).default('content'),
    )
    .option('--exclusive', 'nobody else writes below the output: everything there must be accounted for')
    .addHelpText('after', example('longshore invariants last'))
    .action(async (id: string | undefined, options: InvariantsOptions) => {
      const client = new JobsClient(options.url);
      const job = id === undefined ? undefined : (await client.job(id)).id;
      const answer = await client.invariants({ job, outputs: options.outputs, exclusive: options.exclusive === true });
      const broken = answer.invariants.filter(({ holds }) => !holds).map((invariant) => invariant.id);
      print(options, { json: answer, quiet: broken, text: answer.invariants.map(lines).join('') });
      process.exitCode = answer.holds ? exitCodes.done : exitCodes.error;
    });
}

function lines({ id, sentence, holds, violations, count }: InvariantAnswer): string {
  const shown = violations.map((violation) => `      ${printable(violation)}\n`).join('');
  const more = count > violations.length ? `      and ${count - violations.length} more\n` : '';
  return `${id.padEnd(4)}${holds ? 'holds ' : 'BROKEN'}  ${sentence}\n${shown}${more}`;
}
