import { Argument, Command, Option } from 'commander';
import { describe, expect, it } from '@jest/globals';
import { createProgram } from '../program.js';
import { complete, type Sources } from './complete.js';
import type { Place } from './place.js';

const asked: Place[] = [];
const sources: Sources = {
  plugins: async () => [{ value: 'echo' }],
  reasons: () => [{ value: 'timed-out' }, { value: 'out-of-memory' }],
  jobs: async (line) => (asked.push(line), [{ value: '0199-a', description: 'running' }]),
  workers: async () => [{ value: 'w-1' }, { value: 'w $(reboot)' }],
};

function program(): Command {
  const run = new Command('run')
    .description('run it')
    .argument('[job.yaml]')
    .option('--plugin <name or path>')
    .option('--input <location>')
    .option('--include <patterns...>')
    .option('-q, --quiet')
    .addOption(new Option('--skip <how>').choices(['manifest', 'none']))
    .addOption(new Option('--secret').hideHelp());
  const dead = new Command('dead').argument('<job>').option('--reason <code>').option('--url <address>');
  const drain = new Command('drain').argument('<worker>');
  const token = new Command('token')
    .addCommand(new Command('create').option('--plugin <name>'))
    .addCommand(new Command('revoke').argument('<id>'));
  const shell = new Command('shell').addArgument(new Argument('<name>').choices(['bash', 'zsh']));
  return [run, dead, drain, token, shell].reduce(
    (all, one) => all.addCommand(one),
    new Command('longshore').version('1'),
  );
}

async function offered(...words: string[]): Promise<string[]> {
  const { candidates, files } = await complete(program(), words, sources);
  return [...candidates.map(({ value }) => value), ...(files ? [`:${files}`] : [])];
}

describe('what could come next on a line', () => {
  it.each<[string, string[], string[]]>([
    ['commands', [''], ['run', 'dead', 'drain', 'token', 'shell', 'help']],
    ['commands that begin so', ['d'], ['dead', 'drain']],
    ['commands below a command', ['token', 'c'], ['create']],
    ['options of the program', ['--'], ['--version', '--help']],
    ['options of a command, but for hidden ones', ['run', '--s'], ['--skip']],
    ['options by their long names', ['run', '-'], ['--plugin', '--input', '--include', '--quiet', '--skip', '--help']],
    ['options where nothing else can come', ['drain', 'w-1', ''], ['--help']],
    ['choices of an option', ['run', '--skip', ''], ['manifest', 'none']],
    ['choices in one word with the option', ['run', '--skip=m'], ['--skip=manifest']],
    ['choices of an argument', ['shell', 'b'], ['bash']],
    ['files for a file', ['run', 'job'], [':files']],
    ['files after options that were given', ['run', '--skip', 'none', '-q', ''], [':files']],
    ['files after an option with its value in one word', ['run', '--skip=none', ''], [':files']],
    ['folders for a location', ['run', '--input', ''], [':folders']],
    ['plugins, or the path of one', ['run', '--plugin', ''], ['echo', ':files']],
    ['names of plugins where no path may stand', ['token', 'create', '--plugin', ''], ['echo']],
    ['reasons', ['dead', 'last', '--reason', 'out'], ['out-of-memory']],
    ['jobs', ['dead', ''], ['last', '0199-a']],
    ['nothing for ids of tokens', ['token', 'revoke', ''], []],
    ['nothing for patterns, however many', ['run', '--include', 'a', ''], []],
    ['options after patterns', ['run', '--include', 'a', '--sk'], ['--skip']],
    ['nothing for what nobody knows', ['dead', '--url', 'x'], []],
    ['no options after two hyphens', ['run', '--', '--s'], [':files']],
  ])('is %s', async (_, words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });

  it('is asked of the orchestrator that the line names', async () => {
    await offered('dead', '--url', 'http://there', '');
    expect(asked.at(-1)?.given.get('--url')).toBe('http://there');
  });

  it('is never anything that a shell would have to quote', async () => {
    expect(await offered('drain', '')).toEqual(['w-1']);
  });

  it('comes with what it means', async () => {
    const { candidates } = await complete(program(), ['ru'], sources);
    expect(candidates).toEqual([{ value: 'run', description: 'run it' }]);
  });
});

describe('the command itself', () => {
  const offeredBy = async (...words: string[]) => {
    const { candidates, files } = await complete(createProgram(), words, sources);
    return [...candidates.map(({ value }) => value), ...(files ? [`:${files}`] : [])];
  };

  it('offers every command that its help names', async () => {
    const named = createProgram().commands.map((one) => one.name());
    expect((await offeredBy('')).sort()).toEqual([...named, 'help'].sort());
  });

  it.each(['watch', 'jobs', 'pause', 'explain', 'dead', 'redrive', 'manifest'])('offers jobs to %s', async (name) => {
    expect(await offeredBy(name, '')).toEqual(['last', '0199-a']);
  });

  it('offers states, workers and files where its commands take them', async () => {
    expect(await offeredBy('tasks', 'last', '--state', 'de')).toEqual(['dead']);
    expect(await offeredBy('drain', '')).toEqual(['w-1']);
    expect(await offeredBy('submit', '')).toEqual([':files']);
  });
});
