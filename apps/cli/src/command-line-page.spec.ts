import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from './program.js';
import { exitCodes } from './terminal/exit-codes.js';

const page = await readFile(new URL('../../../docs/command-line.md', import.meta.url), 'utf8');

/** The text below a heading, to the next one of its kind. */
function section(heading: string): string {
  const [, after = ''] = page.split(`\n${heading}\n`);
  return after.split(/\n#{2,3} /)[0] ?? '';
}

function everyCommand(command: Command, before = ''): [string, Command][] {
  return command.commands.flatMap((inner) => {
    const name = `${before}${inner.name()}`;
    return inner.commands.length > 0 ? everyCommand(inner, `${name} `) : [[name, inner] as [string, Command]];
  });
}

const forAll = section('## What holds for all of them');
const ofJobs = section('## Options that describe a job');

describe('the page of the command line', () => {
  it.each(everyCommand(createProgram()))('names %s, what it takes and every option', (name, command) => {
    const own = section(`### ${name}`);
    const typed = ['longshore', name, command.usage().replace('[options]', '').trim()].filter((part) => part !== '');
    expect(own).toContain(`\`${typed.join(' ')}\``);
    const shared = own.includes('#options-that-describe-a-job') ? own + forAll + ofJobs : own + forAll;
    for (const { flags } of command.options) expect(shared).toContain(`\`${flags}\``);
  });

  it('names no command that is not there', () => {
    const names = everyCommand(createProgram()).map(([name]) => name);
    expect([...page.matchAll(/^### (.*)$/gm)].map(([, name]) => name)).toEqual(names);
  });

  it('names every exit code', () => {
    for (const code of Object.values(exitCodes)) expect(forAll).toMatch(new RegExp(`^\\| ${code} +\\|`, 'm'));
  });
});
