// `npm run docs:screenshots`: takes the pictures of the dashboard for the docs, by the story that shows that it works.
import path from 'node:path';
import { exitCodeOf, inProject, installAndBuild, projectFolder } from './setup/project.mjs';

const jest = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];

async function screenshots() {
  await installAndBuild();
  await inProject('node', ['scripts/setup/prepare-machine.mjs', 'docker', 'images', 'chromium']);
  const folder = process.argv[2] ?? path.join(projectFolder, '.cache', 'screenshots');
  console.log(`pictures go to ${folder}`);
  return exitCodeOf('node', [...jest, 'dashboard'], {
    LONGSHORE_TESTS: 'stories',
    LONGSHORE_SCREENSHOTS: path.resolve(folder),
  });
}

screenshots().then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
