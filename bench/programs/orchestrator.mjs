/** Starts an orchestrator as its users do: a process of its own, on a free port of loopback, over a folder of state. */
import { fileURLToPath } from 'node:url';
import { startProgram } from '../framework/program.mjs';
import { ownSettings } from './own-settings.mjs';

/** How the image and the command line start Node.js for it. */
export const asShipped = ['--max-semi-space-size=16'];

/** Resolves with its process and its address. */
export async function startOrchestrator(folder, settings = {}, nodeOptions = []) {
  const main = fileURLToPath(import.meta.resolve('@longshore/orchestrator/main'));
  const program = await startProgram(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...nodeOptions, main],
    {
      env: {
        ...ownSettings(),
        ...{ LONGSHORE_STATE: folder, LONGSHORE_HOST: '127.0.0.1', LONGSHORE_PORT: '0', LONGSHORE_PLUGINS: 'echo' },
        ...settings,
      },
      ready: /Longshore serves at ([^\s"]+)/,
    },
  );
  return { ...program, url: program.matched[1] };
}
