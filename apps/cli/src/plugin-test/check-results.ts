/** Looks at what a plugin left: the declared outputs, its reports, what was expected, and whether it comes out the same again. */
import type { JobPlugin } from '@longshore/core';
import { counted } from '../terminal/counted.js';
import { failed, ok, warning, type Check } from './check.js';
import { compareFolders, filesBelow } from './compare-folders.js';

/** @param declared names of the outputs of all objects */
export async function checkOutputs(folder: string, declared: readonly string[]): Promise<Check> {
  const there = new Set(await filesBelow(folder));
  const missing = declared.filter((name) => !there.has(name));
  if (missing.length > 0) {
    return failed(
      'outputs',
      `${missing.length} of ${counted(declared.length, 'declared output')} are not there.`,
      'Let the command write them, or declare what it writes.',
      missing,
    );
  }
  return ok('outputs', `all of ${counted(declared.length, 'declared output')} are there`);
}

/** What is there and no output of an object was made by summarize. */
export async function checkReports(plugin: JobPlugin, folder: string, declared: readonly string[]): Promise<Check> {
  const outputs = new Set(declared);
  const reports = (await filesBelow(folder)).filter((name) => !outputs.has(name));
  if (!plugin.summarize) return ok('reports', 'none; the plugin has no summarize');
  if (reports.length > 0) return ok('reports', reports.join(', '));
  return warning('reports', 'summarize made no file.', 'See whether that is meant.');
}

export async function checkExpected(folder: string, expected: string): Promise<Check> {
  const { same, differences, others } = await compareFolders(expected, folder, ['expected', 'found']);
  if (differences.length > 0) {
    return failed(
      'expected',
      `${differences.length} of ${counted(same + differences.length, 'file')} are not as expected.`,
      `Mend the command, or what is expected in ${expected}.`,
      differences,
    );
  }
  if (same === 0) return failed('expected', `There is no file in ${expected}.`, 'Put there what must come out.');
  const more = others.length === 0 ? '' : `; nothing is expected of ${counted(others.length, 'other')}`;
  return ok('expected', `${counted(same, 'file')} as expected${more}`);
}

/** @param how the second run differed from the first */
export async function checkAgain(first: string, second: string, how: string): Promise<Check> {
  const { same, differences, others } = await compareFolders(first, second, ['at first', 'then']);
  const found = [...differences, ...others.map((name) => `${name} is not at first`)];
  if (found.length === 0) return ok('again', `${counted(same, 'file')} the same in a second run${how}`);
  const advice =
    'Leave out times, random numbers and the order of a folder. A task may be run more than once, and what it gives then takes the place of what was there.';
  return warning(
    'again',
    `Outputs are not deterministic: ${found.length} differ in a second run${how}.`,
    advice,
    found,
  );
}
