// `npm run bench [-- SUITE ...] [--json FILE] [--runs N] [--quick] [--list]`: measures, beside what one would use instead. Builds first.
import { spawn } from 'node:child_process';
import { installAndBuild, projectEnvironment, projectFolder } from './setup/project.mjs';

async function bench(args) {
  if (!args.some((arg) => ['--list', '--help'].includes(arg))) await installAndBuild();
  return new Promise((resolve, reject) => {
    const program = ['--disable-warning=ExperimentalWarning', 'bench/main.mjs', ...args];
    const child = spawn('node', program, { cwd: projectFolder, stdio: 'inherit', env: projectEnvironment });
    // It cleans up before it ends. A terminal interrupts it together with this process; a supervisor ends this one alone.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

bench(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
