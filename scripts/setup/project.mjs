// Installs the project's dependencies and builds it. Runs on any Node from 18 on, because it is what brings the right one.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { ensureDashboard } from './dashboard.mjs';
import { step } from './step.mjs';

export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
const bin = path.join(projectFolder, 'node_modules', '.bin');

/** The environment in which `node` and every tool are the project's own. */
export const projectEnvironment = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };

/** Brings dependencies and build up to date; says what it does, because the first time takes a minute. */
export async function installAndBuild() {
  if (!isInstalled()) {
    console.log('installing dependencies (once, about half a minute) ...');
    await step('dependencies: installed', () => inProject('npm', ['ci', '--loglevel=error']));
  }
  await step('build: up to date', () => inProject('tsc', ['-b']));
  await step('dashboard', ensureDashboard);
}

/** Runs a program of the project in its folder with this terminal; resolves with its exit code. */
export function exitCodeOf(program, args, environment = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: projectFolder,
      stdio: 'inherit',
      env: { ...projectEnvironment, ...environment },
    });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** The same without the terminal, for a program that runs beside others: what it wrote comes in one piece. */
export function outputOf(program, args, environment = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: projectFolder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...projectEnvironment, ...environment },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** For a program that must succeed. */
export async function inProject(program, args, environment) {
  const code = await exitCodeOf(program, args, environment);
  if (code !== 0) throw new Error(`"${[program, ...args].join(' ')}" ended with exit code ${code}; see above.`);
}

/** npm writes its own copy of the lock file when an installation is complete. */
function isInstalled() {
  const done = path.join(projectFolder, 'node_modules', '.package-lock.json');
  const wanted = path.join(projectFolder, 'package-lock.json');
  return existsSync(done) && statSync(done).mtimeMs >= statSync(wanted).mtimeMs;
}
