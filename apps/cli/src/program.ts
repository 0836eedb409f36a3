/** The `longshore` program: every command, in the groups that its help shows. */
import { Command } from 'commander';
import { backupCommand } from './commands/backup.js';
import { completionCommand } from './commands/completion.js';
import { deadCommand } from './commands/dead.js';
import { doctorCommand } from './commands/doctor.js';
import { drainCommand } from './commands/drain.js';
import { explainCommand } from './commands/explain.js';
import { fleetCommand } from './commands/fleet.js';
import { invariantsCommand } from './commands/invariants.js';
import { jobsCommand } from './commands/jobs.js';
import { logsCommand } from './commands/logs.js';
import { manifestCommand } from './commands/manifest.js';
import { notifyCommand } from './commands/notify.js';
import { orchestratorCommand } from './commands/orchestrator.js';
import { planCommand } from './commands/plan.js';
import { pluginCommand } from './commands/plugin.js';
import { policyCommand } from './commands/policy.js';
import { redriveCommand } from './commands/redrive.js';
import { restoreCommand } from './commands/restore.js';
import { retryCommand } from './commands/retry.js';
import { runCommand } from './commands/run.js';
import { schemaCommand } from './commands/schema.js';
import { simulateCommand } from './commands/simulate.js';
import { steerCommands } from './commands/steer.js';
import { submitCommand } from './commands/submit.js';
import { taskCommand, tasksCommand } from './commands/tasks.js';
import { tokenCommand } from './commands/token.js';
import { watchCommand } from './commands/watch.js';
import { workerCommand } from './commands/worker.js';
import { workersCommand } from './commands/workers.js';
import { examples } from './terminal/example.js';

const groups: Record<string, () => readonly Command[]> = {
  'Run something:': () => [runCommand(), submitCommand(), planCommand(), simulateCommand(), pluginCommand()],
  'See how it goes:': () => [
    watchCommand(),
    jobsCommand(),
    tasksCommand(),
    taskCommand(),
    logsCommand(),
    explainCommand(),
    deadCommand(),
    manifestCommand(),
  ],
  'Steer it:': () => [...steerCommands(), retryCommand(), redriveCommand()],
  'Workers and orchestrator:': () => [
    orchestratorCommand(),
    workerCommand(),
    workersCommand(),
    drainCommand(),
    fleetCommand(),
  ],
  'Look after it:': () => [
    doctorCommand(),
    tokenCommand(),
    notifyCommand(),
    policyCommand(),
    schemaCommand(),
    invariantsCommand(),
    backupCommand(),
    restoreCommand(),
    completionCommand(),
  ],
};

export function createProgram(): Command {
  const program = new Command('longshore')
    .description('Runs your container over every object under a prefix, and brings the results back.')
    .version('0.1.0')
    .addHelpText(
      'after',
      examples(
        'longshore run --plugin echo --input examples/texts --output /tmp/copies',
        'longshore submit job.yaml && longshore watch last',
      ),
    )
    .showHelpAfterError('(longshore --help tells more)')
    .commandsGroup('Look after it:')
    .helpCommand('help [command]', 'show what a command does, and how')
    .exitOverride();
  for (const [heading, commands] of Object.entries(groups)) {
    for (const command of commands()) program.addCommand(inherit(command.helpGroup(heading), program));
  }
  return program;
}

/** What is said of errors, and that nothing ends the process, for commands within commands too. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent).exitOverride();
  for (const inner of command.commands) inherit(inner, command);
  return command;
}
