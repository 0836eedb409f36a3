/** How much memory the programs hold: at rest, and with jobs that are small and large. */
import { cancel, redrive } from '../memory/steering.mjs';
import { storeLargeJob } from '../memory/large-job.mjs';
import { askRoutes } from '../memory/routes.mjs';
import { workerAtWork } from '../memory/worker-at-work.mjs';
import { startOrchestrator } from '../programs/orchestrator.mjs';
import { highestMegabytes, residentMegabytes } from '../programs/resident.mjs';

const perTask = 400;

export const suite = {
  name: 'memory',
  summary: 'memory of the orchestrator and of a worker, at rest and with jobs of up to 1,000,000 objects',
  peers: ['docker'],
  async run(bench) {
    for (let round = 0; round < bench.runs; round += 1) {
      await atRest(bench);
      for (const objects of bench.quick ? [10_000] : [10_000, 1_000_000]) await withJob(bench, objects);
      if (bench.peer('docker')) await workerAtWork(bench, bench.quick ? 100 : 10_000);
    }
  },
};

async function atRest(bench) {
  const { pid, stop } = await startOrchestrator(await bench.temporary());
  await bench.measure('orchestrator at rest', 'memory', 'MB', () => residentMegabytes(pid));
  await stop();
}

/** Everything that people look at is asked for, then the whole job is steered: twice over what a day brings. */
async function withJob(bench, objects) {
  const folder = await bench.temporary();
  const tasks = await storeLargeJob(folder, { objects, perTask });
  const { pid, url, stop } = await startOrchestrator(folder);
  const subject = `orchestrator with ${objects.toLocaleString('en-GB')} objects`;
  const answers = await askRoutes(url, tasks);
  const steered = [await redrive(url), await cancel(url)];
  await bench.measure(subject, 'highest memory', 'MB', () => highestMegabytes(pid));
  await bench.measure(subject, 'largest answer', 'KB', () => Math.max(...answers.map(({ bytes }) => bytes)) / 1000);
  await bench.measure(subject, 'slowest route, median', 'ms', () =>
    Math.max(...answers.map(({ medianMs }) => medianMs)),
  );
  await bench.measure(subject, 'longest wait while steered', 'ms', () =>
    Math.max(...steered.map(({ slowestMs }) => slowestMs)),
  );
  await stop();
}
