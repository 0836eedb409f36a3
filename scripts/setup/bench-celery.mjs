// Installs Celery for the bench, from the packages of Debian.
import { aptInstall, canUseApt } from './apt.mjs';
import { run, succeeds } from './command.mjs';

/** The packages of Debian are for its own Python, which need not be the first one on the PATH. */
const pythons = ['/usr/bin/python3', 'python3'];
const question = 'import celery, redis; print(celery.__version__)';

/** Resolves with the Python that has Celery and its client of Redis, and Celery's version. */
export async function ensureCelery() {
  const found = (await pythonWithCelery()) ?? (await install());
  return { python: found, version: await run(found, ['-c', question]) };
}

async function pythonWithCelery() {
  for (const python of pythons) if (await succeeds(python, ['-c', question])) return python;
  return undefined;
}

async function install() {
  if (!(await canUseApt())) throw new Error('Celery is not installed. Install it with: pip install celery redis');
  await aptInstall(['python3-celery', 'python3-redis']);
  const python = await pythonWithCelery();
  if (!python) throw new Error('Celery was installed, but no Python can import it');
  return python;
}
