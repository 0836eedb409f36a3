/** Every command that the documentation shows, run as it stands there. */
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GuideMachine } from './guides/guide-machine.js';
import { commandsOf, type ShownCommand } from './guides/page.js';
import { pages, type Page } from './guides/pages.js';
import { repository } from './support/process.js';

const markdown = async (folder: string) =>
  (await readdir(join(repository, folder))).filter((name) => name.endsWith('.md')).map((name) => join(folder, name));
const everyPage = [...(await markdown('.')), ...(await markdown('docs'))];
const shown = new Map(await Promise.all(everyPage.map(async (page) => [page, await commandsOf(page)] as const)));
const withCommands = [...shown].filter(([, commands]) => commands.length > 0).map(([page]) => page);

/** The project's own scripts run in no copy of the project; that each is there is looked at below. */
const ofTheProject = /^(\w+=\S+ )*(npm |npx nest )/;

const partIn = (command: string, parts: object = {}) => Object.keys(parts).find((part) => command.includes(part));

describe('the commands of', () => {
  it.each(withCommands)('%s work in the order in which they stand there', async (name) => {
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

  it('name pages, commands and stories that are there', async () => {
    expect(Object.keys(pages).filter((name) => !withCommands.includes(name))).toEqual([]);
    for (const [name, page] of Object.entries(pages)) {
      const text = shown
        .get(name)!
        .map((command) => command.text)
        .join('\n');
      const parts = [page.codes, page.says, page.fill, page.elsewhere].flatMap((each) => Object.keys(each ?? {}));
      expect([name, parts.filter((part) => !text.includes(part))]).toEqual([name, []]);
      for (const story of Object.values(page.elsewhere ?? {}))
        await access(join(repository, 'test', `${story}.story.ts`));
    }
  });

  it('call scripts and stories of the project that are there', async () => {
    const { scripts } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const calls = [...shown.values()].flat().filter(({ text }) => ofTheProject.test(text));
    const called = calls
      .map(({ text }) => /npm (?:run )?([\w:]+)/.exec(text)?.[1])
      .filter((name) => name !== undefined);
    expect(called.filter((name) => !(name in scripts))).toEqual([]);
    for (const { text } of calls) {
      const story = /npm test stories (\w[\w-]*)/.exec(text)?.[1];
      if (story) await access(join(repository, 'test', `${story}.story.ts`));
    }
  });
});

function isElsewhere(page: Page, command: string): boolean {
  return Object.keys(page.elsewhere ?? {}).some((beginning) => command.startsWith(beginning));
}

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
