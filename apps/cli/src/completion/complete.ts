/** What could come next on a command line. */
import type { Command } from 'commander';
import { meaningOfArgument, meaningOfOption, type Kind, type Meaning } from './meaning.js';
import { optionNamed, placeAfter, type Place } from './place.js';

export interface Candidate {
  value: string;
  description?: string;
}

export interface Completion {
  candidates: Candidate[];
  /** Whether the shell adds names of files, or of folders. */
  files?: 'files' | 'folders';
}

/** Where values come from that no program holds. Each is quick, and gives nothing where it cannot. */
export interface Sources {
  plugins(): Promise<Candidate[]>;
  reasons(): Candidate[];
  jobs(line: Place): Promise<Candidate[]>;
  workers(line: Place): Promise<Candidate[]>;
}

/** What no shell would have to quote. */
const plain = /^[\w@%+=,./-]+$/;

/** @param words of the line, the last of which is being typed */
export async function complete(program: Command, words: readonly string[], sources: Sources): Promise<Completion> {
  const typed = words.at(-1) ?? '';
  const place = placeAfter(program, words.slice(0, -1));
  const { candidates, files } = await possible(place, typed, sources);
  const fitting = candidates.filter(({ value }) => value.startsWith(typed) && plain.test(value));
  return { candidates: fitting, ...(files && { files }) };
}

async function possible(place: Place, typed: string, sources: Sources): Promise<Completion> {
  const { command, option, operands, isPastOptions } = place;
  if (option && !typed.startsWith('-')) return valuesOf(meaningOfOption(option), place, sources);
  if (!isPastOptions && /^--[^=]+=/.test(typed)) return joined(place, typed, sources);
  if (!isPastOptions && typed.startsWith('-')) return { candidates: optionsOf(command) };
  const commands = operands.length === 0 ? commandsOf(command) : [];
  const { registeredArguments: all } = command;
  const last = all.at(-1);
  const argument = all[operands.length] ?? (last?.variadic ? last : undefined);
  if (argument) {
    const { candidates, files } = await valuesOf(meaningOfArgument(argument, command), place, sources);
    return { candidates: [...commands, ...candidates], ...(files && { files }) };
  }
  return { candidates: commands.length > 0 || isPastOptions ? commands : optionsOf(command) };
}

/** `--name=value` in one word. */
async function joined(place: Place, typed: string, sources: Sources): Promise<Completion> {
  const name = typed.slice(0, typed.indexOf('='));
  const option = optionNamed(place.command, name);
  const { candidates } = option ? await valuesOf(meaningOfOption(option), place, sources) : { candidates: [] };
  return { candidates: candidates.map((one) => ({ ...one, value: `${name}=${one.value}` })) };
}

async function valuesOf(meaning: Meaning, place: Place, sources: Sources): Promise<Completion> {
  if (meaning.kind === 'choices') return { candidates: meaning.choices.map((value) => ({ value })) };
  const values: Record<Kind, () => Completion | Promise<Completion>> = {
    files: () => ({ candidates: [], files: 'files' }),
    folders: () => ({ candidates: [], files: 'folders' }),
    plugins: async () => ({ candidates: await sources.plugins(), files: 'files' }),
    'plugin names': async () => ({ candidates: await sources.plugins() }),
    jobs: async () => ({ candidates: [{ value: 'last', description: 'the newest' }, ...(await sources.jobs(place))] }),
    workers: async () => ({ candidates: await sources.workers(place) }),
    reasons: () => ({ candidates: sources.reasons() }),
    anything: () => ({ candidates: [] }),
  };
  return values[meaning.kind]();
}

function optionsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, short, description }) => ({ value: long ?? short ?? '', description }));
}

function commandsOf(command: Command): Candidate[] {
  if (command.commands.length === 0) return [];
  return command
    .createHelp()
    .visibleCommands(command)
    .map((one) => ({ value: one.name(), description: one.description() }));
}
