// `npm run check`: everything that must hold before a change lands, in the order in which faults are cheapest to find.
import { inProject, installAndBuild } from './setup/project.mjs';
import { test } from './test.mjs';

const checks = ['check:format', 'check:types', 'check:lint', 'check:borders'];

async function check() {
  await installAndBuild();
  for (const name of checks) {
    console.log(`\n${name}`);
    await inProject('npm', ['run', '--silent', name]);
  }
  return test(['unit', 'stories']);
}

check().then(
  (passed) => (process.exitCode = passed ? 0 : 1),
  (error) => {
    console.error(error.message);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  },
);
