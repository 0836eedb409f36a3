/** Options of the commands that talk to a running orchestrator. */
import type { Command } from 'commander';
import { useTokenFile } from '../client/user-token.js';

export interface ClientOptions {
  url: string;
  json?: true;
}

export function addClientOptions(command: Command): Command {
  return addAddressOptions(command).option('--json', 'print JSON');
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

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
