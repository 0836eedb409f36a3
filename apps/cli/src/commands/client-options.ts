/** Options of the commands that talk to a running orchestrator. */
import type { Command } from 'commander';

export interface ClientOptions {
  url: string;
  json?: true;
}

export function addClientOptions(command: Command): Command {
  return command
    .option(
      '--url <address>',
      'address of the orchestrator (LONGSHORE_URL)',
      process.env.LONGSHORE_URL ?? 'http://127.0.0.1:8480',
    )
    .option('--json', 'print JSON');
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
