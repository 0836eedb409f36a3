// `npm test`: unit specs, then whole-system stories on real processes. Installs what they need. `npm test unit` or `npm test stories` runs one part.
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureMoto } from './setup/moto.mjs';
import { exitCodeOf, inProject, installAndBuild, projectFolder } from './setup/project.mjs';

const jest = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];

/** Runs the wanted parts and prints the totals the runner itself reported; resolves with whether all passed. */
export async function test(parts, patterns = []) {
  await installAndBuild();
  // Our own images are built anew for every change; only stories run them, a browser and other shells.
  const forStories = parts.includes('stories') ? ['compose', 'own-images', 'chromium', 'zsh', 'fish'] : [];
  const machine = ['docker', 'images', 'moto', 'strace', 'faketime', ...forStories];
  await inProject('node', ['scripts/setup/prepare-machine.mjs', ...machine]);
  const environment = { LONGSHORE_MOTO_SERVER: await ensureMoto() };
  const totals = { passed: 0, failed: 0 };
  for (const part of parts) {
    const result = await runPart(part, patterns, environment);
    totals.passed += result.passed;
    totals.failed += result.failed;
  }
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed === 0 && totals.passed > 0;
}

async function runPart(part, patterns, environment) {
  const reports = path.join(projectFolder, '.cache', 'tests');
  await mkdir(reports, { recursive: true });
  const file = path.join(reports, `${part}.json`);
  const code = await exitCodeOf('node', [...jest, '--json', `--outputFile=${file}`, ...patterns], {
    ...environment,
    LONGSHORE_TESTS: part,
  });
  const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests } = JSON.parse(
    await readFile(file, 'utf8'),
  );
  // A suite that cannot be loaded fails without a failed test; a test that is skipped shows nothing, so it counts as failed.
  const failed = Math.max(numFailedTests, numFailedTestSuites, code === 0 ? 0 : 1) + numPendingTests;
  return { passed: numPassedTests, failed };
}

if (process.argv[1] === import.meta.filename || process.argv[1]?.endsWith('scripts/test.mjs')) {
  const [first, ...rest] = process.argv.slice(2);
  const known = ['unit', 'stories'].includes(first);
  test(known ? [first] : ['unit', 'stories'], known ? rest : process.argv.slice(2)).then(
    (passed) => (process.exitCode = passed ? 0 : 1),
    (error) => {
      console.error(error.message);
      console.log('0 passed, 1 failed');
      process.exitCode = 1;
    },
  );
}
