// `npm run check`: everything that must hold before a change lands, in the order in which faults are cheapest to find.
import { installAndBuild, outputOf } from './setup/project.mjs';
import { step } from './setup/step.mjs';
import { test } from './test.mjs';
import { readyFor } from './testing/readiness.mjs';

/** Two at once, because each keeps one core busy; those of one list follow each other. */
const checks = [['check:lint'], ['check:format', 'check:types', 'check:borders', 'check:reliability']];
const parts = ['unit', 'stories'];

async function check() {
  await installAndBuild();
  readyFor(parts);
  await Promise.all(checks.map(inOrder));
  return test(parts);
}

async function inOrder(names) {
  for (const name of names) await step(name, () => holds(name));
}

async function holds(name) {
  const { code, output } = await outputOf('npm', ['run', '--silent', name]);
  if (code !== 0) throw new Error(`${output}\n${name} found something; see above.`);
}

check().then(
  (passed) => (process.exitCode = passed ? 0 : 1),
  (error) => {
    console.error(error.message);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  },
);
