// Runs the stories: those that need the machine for themselves one after another, the others in lanes, and once more alone what failed there.
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { alone, first } from '../../test/lanes.mjs';
import { projectFolder } from '../setup/project.mjs';
import { program, runJest } from './jest.mjs';
import { inLanes, laneCount } from './lanes.mjs';

const ending = '.story.ts';
const reports = path.join(projectFolder, '.cache', 'tests', 'stories');

/** @param patterns of the paths of stories, none for all; Jest's own options from the first word with a dash on */
export async function runStories(patterns, environment) {
  await mkdir(reports, { recursive: true });
  const dash = patterns.findIndex((word) => word.startsWith('-'));
  const [parts, options] = dash < 0 ? [patterns, []] : [patterns.slice(0, dash), patterns.slice(dash)];
  const wanted = await storiesNamed(parts);
  const run = (name, before = []) =>
    runJest([...before, ...program, '--runInBand', ...options, '--runTestsByPath', `test/${name}${ending}`], {
      ...{ part: 'stories', show: false, environment },
      report: path.join(reports, `${name}.json`),
    });
  const lanes = await laneCount();
  const results = new Map();
  const note = (name, result) => {
    results.set(name, result);
    process.stdout.write(result.output);
  };
  const together = lanes === 1 ? [] : wanted.filter((name) => !Object.hasOwn(alone, name));
  for (const name of wanted.filter((name) => !together.includes(name))) note(name, await run(name));
  if (together.length > 0) {
    console.log(`${together.length} stories, ${lanes} at once`);
    await inLanes(lanes, together, async (name, before) => note(name, await run(name, before)));
  }
  const unsteady = await again(together, results, async (name) => note(name, await run(name)));
  return { ...summed([...results.values()]), failures: failuresIn(results), unsteady };
}

/** What fails beside others fails the run only if it does so alone too. */
async function again(together, results, run) {
  const failed = together.filter((name) => results.get(name).failed > 0);
  for (const name of failed) {
    console.log(`${name} failed beside others; once more, alone`);
    await run(name);
  }
  return failed.filter((name) => results.get(name).failed === 0);
}

async function storiesNamed(parts) {
  const files = await readdir(path.join(projectFolder, 'test'));
  const names = files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
  const stray = [...Object.keys(alone), ...first].find((name) => !names.includes(name));
  if (stray !== undefined) throw new Error(`test/lanes.mjs names "${stray}", and there is no test/${stray}${ending}.`);
  const wanted = names.filter(
    (name) => parts.length === 0 || parts.some((part) => new RegExp(part).test(`test/${name}${ending}`)),
  );
  const rank = (name) => (first.includes(name) ? first.indexOf(name) : first.length);
  return wanted.sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
}

function failuresIn(results) {
  return [...results].filter(([, { failed }]) => failed > 0).map(([name]) => name);
}

function summed(results) {
  const sum = (field) => results.reduce((total, result) => total + result[field], 0);
  return { passed: sum('passed'), failed: sum('failed') };
}
