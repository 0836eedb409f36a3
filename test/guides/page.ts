/** The commands that a page of the documentation shows, in the order in which a reader meets them. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '../support/process.js';

const run = promisify(execFile);

export interface ShownCommand {
  text: string;
  /** Runs until somebody ends it: a reader gives it a terminal of its own. */
  isServer: boolean;
}

export async function commandsOf(page: string): Promise<ShownCommand[]> {
  const text = await readFile(join(repository, page), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block);
  return (await Promise.all(blocks.map(commandsIn))).flat();
}

/** A command ends where the shell takes what has come so far for whole. */
async function commandsIn(block: string): Promise<ShownCommand[]> {
  const commands: ShownCommand[] = [];
  let text = '';
  for (const line of block.split('\n')) {
    text = text === '' ? line : `${text}\n${line}`;
    if (text.trim() === '' || text.startsWith('#')) text = '';
    else if (!line.endsWith('\\') && (await isWhole(text))) {
      commands.push({ text, isServer: /\blongshore (orchestrator|worker)\b/.test(text) && !text.includes('&\n') });
      text = '';
    }
  }
  if (text !== '') throw new Error(`The shell does not understand:\n${text}`);
  return commands;
}

async function isWhole(text: string): Promise<boolean> {
  const filledIn = text.replaceAll(/<\w+>/g, 'blank');
  return run('bash', ['-n', '-c', filledIn]).then(
    () => true,
    () => false,
  );
}
