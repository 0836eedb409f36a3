// `npm run bench [-- SUITE ...] [--json FILE] [--runs N] [--quick] [--list]`: measures, beside what one would use instead. Builds first.
import { exitCodeOf, installAndBuild } from './setup/project.mjs';

async function bench(args) {
  if (!args.some((arg) => ['--list', '--help'].includes(arg))) await installAndBuild();
  return exitCodeOf('node', ['--disable-warning=ExperimentalWarning', 'bench/main.mjs', ...args]);
}

bench(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
