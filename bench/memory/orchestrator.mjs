/** Starts an orchestrator over a folder of state, on a free port of loopback. */
import { fileURLToPath } from 'node:url';
import { startProgram } from '../framework/program.mjs';

export async function startOrchestrator(folder, environment = {}) {
  const main = fileURLToPath(import.meta.resolve('@longshore/orchestrator/main'));
  const program = await startProgram(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: { LONGSHORE_STATE: folder, LONGSHORE_PORT: '0', LONGSHORE_PLUGINS: 'echo', ...environment },
    ready: /Longshore serves at ([^\s"]+)/,
  });
  return { ...program, url: program.matched[1] };
}
