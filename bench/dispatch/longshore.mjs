/** Durable no-op tasks per second of an orchestrator of its own, with workers in another process. */
import path from 'node:path';
import { run } from '../../scripts/setup/command.mjs';
import { startOrchestrator } from '../programs/orchestrator.mjs';
import { storeJob } from './stored-job.mjs';

const here = import.meta.dirname;

/** `way` is `turns` of `size` tasks, or `endpoints`. */
export async function longshoreRate(bench, { way, workers, size, tasks }) {
  const folder = await bench.temporary();
  await storeJob(folder, tasks);
  const orchestrator = await startOrchestrator(folder, {
    LONGSHORE_PLUGINS: path.join(here, 'noop-plugin.mjs'),
    LONGSHORE_ADDRESS_REQUESTS_PER_SECOND: '1000000',
    LONGSHORE_TOKEN_REQUESTS_PER_SECOND: '1000000',
  });
  bench.defer(orchestrator.stop);
  try {
    const numbers = [workers, size, tasks].map(String);
    const said = await run(process.execPath, [path.join(here, 'light-workers.mjs'), orchestrator.url, way, ...numbers]);
    const { published, seconds } = JSON.parse(said);
    if (published !== tasks) throw new Error(`${published} of ${tasks} tasks were done`);
    return published / seconds;
  } finally {
    await orchestrator.stop();
  }
}
