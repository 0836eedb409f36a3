/** The `longshore` command. */
import { CommanderError } from 'commander';
import { LongshoreError, messageOf } from '@longshore/core';
import { createProgram } from './program.js';
import { exitCodes } from './terminal/exit-codes.js';
import { UsageError } from './terminal/usage-error.js';

// Whoever reads may have seen enough, as in "longshore logs last | head".
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
import { backupCommand } from './commands/backup.js';
import { deadCommand } from './commands/dead.js';
import { drainCommand } from './commands/drain.js';
import { explainCommand } from './commands/explain.js';
import { invariantsCommand } from './commands/invariants.js';
import { jobsCommand } from './commands/jobs.js';
import { manifestCommand } from './commands/manifest.js';
import { orchestratorCommand } from './commands/orchestrator.js';
import { planCommand } from './commands/plan.js';
import { pluginCommand } from './commands/plugin.js';
import { policyCommand } from './commands/policy.js';
import { redriveCommand } from './commands/redrive.js';
import { restoreCommand } from './commands/restore.js';
import { runCommand } from './commands/run.js';
import { schemaCommand } from './commands/schema.js';
import { steerCommands } from './commands/steer.js';
import { submitCommand } from './commands/submit.js';
import { tokenCommand } from './commands/token.js';
import { workerCommand } from './commands/worker.js';
import { workersCommand } from './commands/workers.js';
import { example } from './terminal/example.js';
import { exitCodes } from './terminal/exit-codes.js';
import { UsageError } from './terminal/usage-error.js';

const program = new Command('longshore')
  .description('Runs your container over every object under a prefix, and brings the results back.')
  .version('0.1.0')
  .addHelpText('after', example('longshore run --plugin echo --input examples/texts --output /tmp/copies'))
  .showHelpAfterError('(longshore --help tells more)')
  .exitOverride();

for (const command of [
  runCommand(),
  submitCommand(),
  planCommand(),
  jobsCommand(),
  explainCommand(),
  deadCommand(),
  redriveCommand(),
  ...steerCommands(),
  manifestCommand(),
  invariantsCommand(),
  backupCommand(),
  restoreCommand(),
  workerCommand(),
  workersCommand(),
  drainCommand(),
  orchestratorCommand(),
  tokenCommand(),
  pluginCommand(),
  policyCommand(),
  schemaCommand(),
]) {
  program.addCommand(command.exitOverride().copyInheritedSettings(program));
}

try {
  await createProgram().parseAsync();
} catch (thrown) {
  process.exitCode = complain(thrown);
}

function complain(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  process.stderr.write(`longshore: ${thrown instanceof LongshoreError ? thrown.sentence : messageOf(thrown)}\n`);
  const refused = ['not-authenticated', 'token-revoked', 'not-allowed'];
  if (thrown instanceof UsageError) return exitCodes.usage;
  const isRefused = thrown instanceof LongshoreError && refused.includes(thrown.code);
  return isRefused ? exitCodes.notAllowed : exitCodes.error;
}
