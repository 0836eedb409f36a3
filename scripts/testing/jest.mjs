// Runs Jest and reads what it found, file by file.
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { exitCodeOf, outputOf, projectFolder } from '../setup/project.mjs';

export const program = [
  ...['node', '--disable-warning=ExperimentalWarning', '--experimental-vm-modules'],
  'node_modules/jest/bin/jest.js',
];

/** Programs start a fifth quicker when what they are made of need not be compiled again. */
export const compiled = { NODE_COMPILE_CACHE: path.join(projectFolder, '.cache', 'compiled') };

/**
 * @param words the program and its arguments; Jest is the last program in them
 * @param report the file for its findings
 * @param show whether this terminal is Jest's; otherwise what it writes comes back as `output`
 */
export async function runJest(words, { part, report, show, environment }) {
  await rm(report, { force: true });
  const [first, ...rest] = [...words, '--json', `--outputFile=${report}`];
  const settings = { ...compiled, ...environment, LONGSHORE_TESTS: part };
  const { code, output } = show
    ? { code: await exitCodeOf(first, rest, settings), output: '' }
    : await outputOf(first, rest, settings);
  return { ...(await findings(report, code)), output };
}

/** A suite that cannot be loaded fails without a failed test; a test that is skipped shows nothing, so it counts as failed. */
async function findings(report, code) {
  const text = await readFile(report, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests } = JSON.parse(text);
  const failed = Math.max(numFailedTests, numFailedTestSuites, code === 0 ? 0 : 1) + numPendingTests;
  return { passed: numPassedTests, failed };
}
