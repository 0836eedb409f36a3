/** `longshore completion`: a script that makes a shell complete this command, and what that script asks. */
import { Argument, Command } from 'commander';
import { complete, type Completion } from '../completion/complete.js';
import { scripts, shells, type Shell } from '../completion/scripts.js';
import { sources } from '../completion/sources.js';
import { example } from '../terminal/example.js';
import { printable } from '../terminal/job-text.js';

export function completionCommand(): Command {
  return new Command('completion')
    .description('print a script that makes a shell complete commands, options, names and ids')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .argument('[words...]', 'after --: the words of a line; what could come next is printed, instead of the script')
    .addHelpText('after', example('longshore completion bash > ~/.local/share/bash-completion/completions/longshore'))
    .action(async (shell: Shell, words: string[], _: object, command: Command) => {
      const program = command.parent ?? command;
      if (words.length === 0) process.stdout.write(scripts[shell]);
      else process.stdout.write(linesOf(await complete(program, words, sources)));
    });
}

/** One line each, its description behind a tab; a word after a colon asks the shell for names of its own. */
function linesOf({ candidates, files }: Completion): string {
  const lines = candidates.map(({ value, description }) =>
    description === undefined ? value : `${value}\t${printable(description)}`,
  );
  return [...lines, ...(files ? [`:${files}`] : [])].map((line) => `${line}\n`).join('');
}
