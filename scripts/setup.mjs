// `npm run setup`: what `npm run demo` and `npm test` do before their main work, and nothing else.
import { inProject, installAndBuild } from './setup/project.mjs';

async function setUp() {
  await installAndBuild();
  await inProject('node', ['scripts/setup/prepare-machine.mjs']);
}

setUp().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
