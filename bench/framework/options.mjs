/** What stands on the command line of `npm run bench`. */
import { parseArgs } from 'node:util';

export const help = `npm run bench [-- SUITE ...] [options]

Measures Longshore and, in the same run, what you would use instead. Without the name of a suite all of them are run.

  --list         tell the suites, and which peers they need
  --runs N       measure each subject N times (5; with --quick 1)
  --quick        a small run, which shows that a suite works and measures nothing worth keeping
  --no-peers     install and start no peers: they are left out
  --json FILE    write the rows into a file too
  --docs         put the rows into docs/performance.md too

Example: npm run bench -- dispatch containers --runs 3 --json rows.json
`;

export class WrongUse extends Error {}

export function readOptions(args) {
  const { values, positionals } = parsed(args);
  const { json, list = false, quick = false, docs = false, help: asked = false } = values;
  const runs = Number(values.runs ?? (quick ? 1 : 5));
  if (!Number.isInteger(runs) || runs < 1)
    throw new WrongUse(`--runs is a whole number from 1 on, not "${values.runs}"`);
  if (docs && quick) throw new WrongUse('--docs wants figures, and --quick has none: leave one of them out');
  return { suites: positionals, json, list, quick, docs, help: asked, runs, peers: values['no-peers'] !== true };
}

function parsed(args) {
  const options = Object.fromEntries(
    ['list', 'quick', 'no-peers', 'docs', 'help'].map((name) => [name, { type: 'boolean' }]),
  );
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { ...options, runs: { type: 'string' }, json: { type: 'string' } },
    });
  } catch (error) {
    throw new WrongUse(`${error.message}\n\n${help}`);
  }
}
