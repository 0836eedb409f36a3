import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { aptInstall, canUseApt } from './apt.mjs';
import { run, succeeds } from './command.mjs';

const VERSION = '5.2.1';
/** For the commands of `aws` that the documentation shows; the same Python packages do most of its work. */
const AWS_CLI_VERSION = '1.46.3';
const FOLDER = fileURLToPath(new URL('../../.cache/moto', import.meta.url));
const ADVICE = 'moto stands in for S3 in tests and demonstrations. Python 3 with its "venv" module and pip are needed.';

/** Makes sure that the S3 stand-in is installed and returns the path of its executable, `moto_server`. */
export async function ensureMoto() {
  if (!(await isInstalled())) await install();
  return inVenv('moto_server');
}

function isInstalled() {
  const wanted = { moto: VERSION, awscli: AWS_CLI_VERSION };
  const question = `from importlib.metadata import version as v; raise SystemExit(any(v(p) != w for p, w in ${JSON.stringify(wanted)}.items()))`;
  return succeeds(inVenv('python'), ['-c', question]);
}

async function install() {
  const python = await findPython();
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(path.dirname(FOLDER), { recursive: true });
  await run(python, ['-m', 'venv', FOLDER], { purpose: 'Making a Python environment', advice: ADVICE });
  const packages = [`moto[server,s3]==${VERSION}`, `awscli==${AWS_CLI_VERSION}`];
  await run(inVenv('python'), ['-m', 'pip', 'install', '--quiet', ...packages], {
    purpose: `Installing moto ${VERSION}`,
    advice: `${ADVICE} Check the connection to the Python package index.`,
  });
}

async function findPython() {
  const candidates = process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python'];
  const usable = async () => {
    for (const name of candidates) if (await succeeds(name, ['-c', 'import venv, ensurepip'])) return name;
    return undefined;
  };
  const found = await usable();
  if (found) return found;
  if (!(await canUseApt())) throw new Error(`No usable Python was found on the PATH. ${ADVICE}`);
  await aptInstall(['python3', 'python3-venv']);
  return (await usable()) ?? 'python3';
}

function inVenv(program) {
  return process.platform === 'win32'
    ? path.join(FOLDER, 'Scripts', `${program}.exe`)
    : path.join(FOLDER, 'bin', program);
}
