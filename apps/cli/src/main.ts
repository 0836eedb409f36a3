/** The `longshore` command. */
import { CommanderError } from 'commander';
import { LongshoreError } from '@longshore/core';
import { createProgram } from './program.js';
import { complaint } from './terminal/complaint.js';
import { exitCodes } from './terminal/exit-codes.js';
import { UsageError } from './terminal/usage-error.js';

// Whoever reads may have seen enough, as in "longshore logs last | head".
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await createProgram().parseAsync();
} catch (thrown) {
  process.exitCode = complain(thrown);
}

function complain(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  process.stderr.write(complaint(thrown));
  const refused = ['not-authenticated', 'token-revoked', 'not-allowed'];
  if (thrown instanceof UsageError) return exitCodes.usage;
  const isRefused = thrown instanceof LongshoreError && refused.includes(thrown.code);
  return isRefused ? exitCodes.notAllowed : exitCodes.error;
}
