/** Follows the commands that pages of the documentation show, as they stand there and in their order. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { repository } from '../support/process.js';
import { GuideMachine } from './guide-machine.js';
import { commandsOf, type ShownCommand } from './page.js';
import { pages, type Page } from './pages.js';

const markdown = async (folder: string) =>
  (await readdir(join(repository, folder))).filter((name) => name.endsWith('.md')).map((name) => join(folder, name));

/** Of every page, also of one without commands. */
export async function everyShownCommand(): Promise<Map<string, ShownCommand[]>> {
  const names = [...(await markdown('.')), ...(await markdown('docs'))];
  return new Map(await Promise.all(names.map(async (page) => [page, await commandsOf(page)] as const)));
}

/** The project's own scripts run in no copy of the project. */
export const ofTheProject = /^(\w+=\S+ )*(npm |npx nest )/;

export function canBeFollowed(shown: Map<string, ShownCommand[]>): string[] {
  return [...shown].filter(([, commands]) => commands.length > 0).map(([page]) => page);
}

/** A test for each page. */
export function followed(shown: Map<string, ShownCommand[]>, names: readonly string[]): void {
  it.each(names)('%s work in the order in which they stand there', async (name) => {
    const page = pages[name] ?? {};
    const commands = shown.get(name)!.filter(({ text }) => !ofTheProject.test(text) && !isElsewhere(page, text));
    if (commands.length === 0) return;
    await using machine = await GuideMachine.start();
    const servers = page.servers ?? [];
    const prepared = (page.given ?? []).filter((command) => !command.includes('longshore submit'));
    for (const text of prepared) await follow(machine, {}, { text, isServer: false });
    for (const text of servers) await machine.serve(text);
    for (const text of page.given ?? [])
      if (!prepared.includes(text)) await follow(machine, {}, { text, isServer: false });
    for (const command of commands) await follow(machine, page, command);
  });
}

function isElsewhere(page: Page, command: string): boolean {
  return Object.keys(page.elsewhere ?? {}).some((beginning) => command.startsWith(beginning));
}

const partIn = (command: string, parts: object = {}) => Object.keys(parts).find((part) => command.includes(part));

async function follow(machine: GuideMachine, page: Page, { text, isServer }: ShownCommand): Promise<void> {
  let command = text;
  for (const [blank, asked] of Object.entries(page.fill ?? {}))
    if (command.includes(blank)) command = command.replaceAll(blank, (await machine.run(asked)).output.trim());
  const answer = await (isServer ? machine.serve(command) : machine.run(command));
  const code = page.codes?.[partIn(text, page.codes) ?? ''] ?? 0;
  if (answer.code !== code)
    throw new Error(`Exit code ${answer.code} instead of ${code}: ${command}\n${answer.output}`);
  expect(answer.output).toMatch(page.says?.[partIn(text, page.says) ?? ''] ?? /(?:)/);
}
