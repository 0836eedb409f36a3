/** What a value on the command line stands for, as far as somebody could offer some: read from the program, by the words its help uses. */
import type { Argument, Command, Option } from 'commander';

export type Meaning = { kind: 'choices'; choices: readonly string[] } | { kind: Kind };

/** `plugins` are names, of which paths may take the place. */
export type Kind = 'files' | 'folders' | 'plugins' | 'plugin names' | 'jobs' | 'workers' | 'reasons' | 'anything';

/** By the name that stands in angle brackets. */
const byWord: Record<string, Kind> = {
  'job.yaml': 'files',
  file: 'files',
  path: 'files',
  folder: 'folders',
  location: 'folders',
  'name or path': 'plugins',
  'names or paths': 'plugins',
  job: 'jobs',
  'job or task': 'jobs',
  worker: 'workers',
  code: 'reasons',
};

export function meaningOfArgument(argument: Argument, command: Command): Meaning {
  if (argument.argChoices) return { kind: 'choices', choices: argument.argChoices };
  const name = argument.name();
  // What is called an id is that of a job, but for the ids of tokens, which are for admins alone.
  const ofJob = name === 'id' && command.parent?.name() !== 'token';
  return { kind: ofJob ? 'jobs' : (byWord[name] ?? 'anything') };
}

export function meaningOfOption(option: Option): Meaning {
  if (option.argChoices) return { kind: 'choices', choices: option.argChoices };
  const [, word = ''] = /[<[](.+?)(?:\.\.\.)?[>\]]/.exec(option.flags) ?? [];
  const isPlugin = option.long === '--plugin' && byWord[word] === undefined;
  return { kind: isPlugin ? 'plugin names' : (byWord[word] ?? 'anything') };
}

export function takesValue(option: Option): boolean {
  return option.required || option.optional;
}
