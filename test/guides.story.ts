/** Every command that the documentation shows, run as it stands there; the longer pages have stories of their own. */
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { canBeFollowed, everyShownCommand, followed, ofTheProject } from './guides/follow.js';
import { pages } from './guides/pages.js';
import { shares } from './guides/shares.js';
import { repository } from './support/process.js';

const shown = await everyShownCommand();
const withCommands = canBeFollowed(shown);
const inOtherStories: string[] = Object.values(shares).flat();

describe('the commands of', () => {
  followed(
    shown,
    withCommands.filter((name) => !inOtherStories.includes(name)),
  );

  it('name pages, commands and stories that are there', async () => {
    const named = [...Object.keys(pages), ...inOtherStories];
    expect(named.filter((name) => !withCommands.includes(name))).toEqual([]);
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
