// `npm run check`: everything that must hold before a change lands, in the order in which faults are cheapest to find.
import { exitCodeOf, inProject, installAndBuild } from './setup/project.mjs';

const checks = ['check:format', 'check:types', 'check:lint', 'check:borders', 'check:reliability'];

async function check() {
  await installAndBuild();
  for (const name of checks) {
    console.log(`\n${name}`);
    await inProject('npm', ['run', '--silent', name]);
  }
  return exitCodeOf('npm', ['test', '--silent']);
}

check().then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error.message);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  },
);
