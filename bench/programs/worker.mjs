/** Starts a worker as its users do, and waits until it has registered. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram } from '../framework/program.mjs';
import { ownSettings } from './own-settings.mjs';

export async function startWorker(folder, { url, name, plugin, settings = {} }) {
  const main = fileURLToPath(import.meta.resolve('@longshore/worker/main'));
  return startProgram(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: {
      ...ownSettings(),
      ...{ LONGSHORE_URL: url, LONGSHORE_PLUGIN: plugin, LONGSHORE_WORKER_NAME: name, LONGSHORE_CLOUD: 'none' },
      ...{ LONGSHORE_WORK: path.join(folder, 'work'), ...settings },
    },
    ready: /Registered at/,
  });
}
