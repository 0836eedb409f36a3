// `npm test`: unit specs, then whole-system stories on real processes. Installs what they need. `npm test unit` or `npm test stories` runs one part.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ensureMoto } from './setup/moto.mjs';
import { installAndBuild, projectFolder } from './setup/project.mjs';
import { program, runJest } from './testing/jest.mjs';
import { readyFor } from './testing/readiness.mjs';
import { runStories } from './testing/stories.mjs';

/** Runs the wanted parts and prints the totals the runner itself reported; resolves with whether all passed. */
export async function test(parts, patterns = []) {
  await installAndBuild();
  const ready = readyFor(parts);
  const totals = { passed: 0, failed: 0 };
  for (const part of parts) {
    await ready[part]();
    const environment = { LONGSHORE_MOTO_SERVER: await ensureMoto() };
    const { passed, failed } = await (part === 'unit' ? unit(patterns, environment) : stories(patterns, environment));
    totals.passed += passed;
    totals.failed += failed;
  }
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed === 0 && totals.passed > 0;
}

async function unit(patterns, environment) {
  const reports = path.join(projectFolder, '.cache', 'tests');
  await mkdir(reports, { recursive: true });
  const report = path.join(reports, 'unit.json');
  return runJest([...program, ...patterns], { part: 'unit', show: true, report, environment });
}

async function stories(patterns, environment) {
  const result = await runStories(patterns, environment);
  for (const name of result.unsteady)
    console.log(`unsteady: ${name} failed beside other stories and passed alone; see CONTRIBUTING.md`);
  for (const name of result.failures) console.log(`failed: test/${name}.story.ts`);
  return result;
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
