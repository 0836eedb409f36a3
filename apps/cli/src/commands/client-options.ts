/** Options of the commands that talk to a running orchestrator, and what they print by them. */
import type { Command } from 'commander';
import { useTokenFile } from '../client/user-token.js';

export interface OutputOptions {
  json?: true;
  quiet?: true;
}

export interface ClientOptions extends OutputOptions {
  url: string;
}

export function addClientOptions(command: Command): Command {
  return addOutputOptions(addAddressOptions(command));
}

export function addOutputOptions(command: Command): Command {
  return command.option('--json', 'print JSON').option('--quiet', 'print bare ids or numbers, and say nothing else');
}

/** Where the orchestrator is, and what to show to it. */
export function addAddressOptions(command: Command): Command {
  return addTokenOptions(
    command.option(
      '--url <address>',
      'address of the orchestrator (LONGSHORE_URL)',
      process.env.LONGSHORE_URL ?? 'http://127.0.0.1:8480',
    ),
  );
}

export function addTokenOptions(command: Command): Command {
  return command.option(
    '--token-file <path>',
    'file that holds your token (LONGSHORE_TOKEN_FILE, or LONGSHORE_TOKEN)',
    useTokenFile,
  );
}

export interface Output {
  json: unknown;
  /** Bare, a line each. */
  quiet: readonly (string | number)[];
  /** For people; whole lines. */
  text: string;
}

/** Data, for stdout, in the form that was asked for. */
export function print({ json, quiet }: OutputOptions, output: Output): void {
  if (json) printJson(output.json);
  else process.stdout.write(quiet ? output.quiet.map((line) => `${line}\n`).join('') : output.text);
}

/** Talk, for stderr. */
export function say({ quiet }: OutputOptions, line: string): void {
  if (!quiet) process.stderr.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
