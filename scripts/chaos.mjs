// `npm run test:chaos`: the 24 example images while everything goes wrong, drawn from seeds. CHAOS_SEEDS=1-20 says which; 1-2 otherwise.
import { ensureMoto } from './setup/moto.mjs';
import { exitCodeOf, inProject, installAndBuild } from './setup/project.mjs';

const jest = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];

async function chaos() {
  await installAndBuild();
  await inProject('node', ['scripts/setup/prepare-machine.mjs', 'docker', 'images', 'moto']);
  const environment = { LONGSHORE_MOTO_SERVER: await ensureMoto(), LONGSHORE_TESTS: 'stories' };
  return exitCodeOf('node', [...jest, 'test/chaos.story.ts'], environment);
}

chaos().then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
