import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from './program.js';
import { ServedApi } from './testing/served-api.js';
import { typed } from './testing/typed.js';

interface Named {
  name: string;
  command: Command;
}

function everyCommand(command: Command, before = ''): Named[] {
  return command.commands.flatMap((inner) => {
    const name = `${before}${inner.name()}`;
    return inner.commands.length > 0 ? everyCommand(inner, `${name} `) : [{ name, command: inner }];
  });
}

const commands = everyCommand(createProgram()).map(({ name, command }): [string, Command] => [name, command]);
const has = (command: Command, option: string) => command.options.some(({ long }) => long === option);
const talksToAnOrchestrator = commands.filter(([, command]) => has(command, '--url'));
const takesAJob = commands.filter(([, { registeredArguments }]) =>
  registeredArguments.some((argument) => argument.name().split(' ').includes('job')),
);

describe('every command', () => {
  it.each(commands)('%s says what it does, in a group, and ends its help with an example', (name, command) => {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help).toMatch(new RegExp(`\nExamples?:\n(  .*\n)*  longshore ${name}\\b.*\n$`));
    expect(command.description()).not.toBe('');
    const outermost = command.parent?.parent ? command.parent : command;
    expect(outermost.helpGroup()).toMatch(/:$/);
  });

  it.each(talksToAnOrchestrator)('%s, which asks an orchestrator, has --json and --quiet', (_, command) => {
    expect([has(command, '--json'), has(command, '--quiet')]).toEqual([true, true]);
  });

  it.each(['submit', 'redrive', 'retry', 'resume'])('%s, which begins work, can wait for its end', (name) => {
    expect(has(commands.find(([found]) => found === name)![1], '--wait')).toBe(true);
  });
});

describe('every command that takes a job', () => {
  let api: ServedApi;

  beforeAll(async () => {
    api = await ServedApi.start();
    api.job = { ...api.job, state: 'completed' };
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it('is found', () => {
    expect(takesAJob.map(([name]) => name)).toEqual(
      expect.arrayContaining(['watch', 'jobs', 'tasks', 'logs', 'explain', 'dead', 'manifest', 'retry', 'redrive']),
    );
  });

  it.each(takesAJob)('%s says that it may be "last", and takes it for the newest job', async (name, command) => {
    expect(command.registeredArguments[0]?.description).toContain('"last"');
    for (const option of ['--json', '--quiet']) {
      api.asked.length = 0;
      const { stdout, stderr } = await typed([...name.split(' '), 'last', option, '--url', api.url]);
      expect(api.asked[0]).toBe('GET /api/v1/jobs?limit=1');
      expect(api.asked.filter((asked) => asked.includes('last'))).toEqual([]);
      if (option === '--quiet') expect(stderr).toBe('');
      else for (const line of documents(stdout)) JSON.parse(line);
    }
  });
});

/** One document, or one a line; none where there is nothing to list. */
function documents(text: string): string[] {
  if (text === '') return [];
  return /^[[{]\n/.test(text) || !text.includes('\n{') ? [text] : text.trimEnd().split('\n');
}
