/** Finds where on the command line somebody is, by walking the program as its parser would. */
import type { Command, Option } from 'commander';
import { takesValue } from './meaning.js';

export interface Place {
  command: Command;
  /** Arguments of the command that were given. */
  operands: string[];
  /** The option whose value comes next. */
  option?: Option;
  /** True when options are over, as after `--`. */
  isPastOptions: boolean;
  /** Values of options, by their long names. */
  given: Map<string, string>;
}

/** @param words what stands before the one that is being typed, without the name of the program */
export function placeAfter(program: Command, words: readonly string[]): Place {
  const place: Place = { command: program, operands: [], isPastOptions: false, given: new Map() };
  for (const word of words) take(place, word);
  return place;
}

function take(place: Place, word: string): void {
  const { option } = place;
  if (place.isPastOptions) place.operands.push(word);
  else if (option && !(option.variadic && word.startsWith('-'))) takeValue(place, option, word);
  else if (word === '--') place.isPastOptions = true;
  else if (word.startsWith('-') && word !== '-') takeOption(place, word);
  else takeOperand(place, word);
}

function takeValue(place: Place, option: Option, value: string): void {
  place.given.set(option.long ?? option.flags, value);
  // More values may come; whether the next word is one, nobody knows before it begins.
  if (!option.variadic) delete place.option;
}

function takeOption(place: Place, word: string): void {
  delete place.option;
  const at = word.indexOf('=');
  const name = at < 0 ? word : word.slice(0, at);
  const option = optionNamed(place.command, name);
  if (!option) return;
  if (at >= 0) place.given.set(option.long ?? option.flags, word.slice(at + 1));
  else if (takesValue(option)) place.option = option;
}

function takeOperand(place: Place, word: string): void {
  const next = place.operands.length === 0 ? commandNamed(place.command, word) : undefined;
  if (next) place.command = next;
  else place.operands.push(word);
}

export function optionNamed(command: Command, name: string): Option | undefined {
  return command.options.find(({ long, short }) => long === name || short === name);
}

function commandNamed(command: Command, name: string): Command | undefined {
  return command.commands.find((one) => one.name() === name || one.aliases().includes(name));
}
