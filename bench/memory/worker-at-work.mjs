/** The memory of a worker: it sees one task after the other, so that the size of the job is nothing to it. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runJob } from '../programs/jobs.mjs';
import { startOrchestrator } from '../programs/orchestrator.mjs';
import { highestMegabytes, residentMegabytes } from '../programs/resident.mjs';
import { startWorker } from '../programs/worker.mjs';

const perTask = 400;
const objectBytes = 1_000;

export async function workerAtWork(bench, objects) {
  const folder = await bench.temporary();
  const input = await filesIn(path.join(folder, 'in'), objects);
  const orchestrator = await startOrchestrator(path.join(folder, 'state'));
  bench.defer(orchestrator.stop);
  const { url } = orchestrator;
  const worker = await startWorker(folder, { url, name: `bench-${process.pid}`, plugin: 'echo' });
  bench.defer(worker.stop);
  await bench.measure('worker at rest', 'memory', 'MB', () => residentMegabytes(worker.pid));
  const batching = { maxObjects: perTask };
  await runJob(url, { plugin: 'echo', input, output: path.join(folder, 'out'), batching });
  const subject = `worker after ${objects.toLocaleString('en-GB')} objects`;
  await bench.measure(subject, 'highest memory', 'MB', () => highestMegabytes(worker.pid));
  await worker.stop();
  await orchestrator.stop();
}

async function filesIn(folder, count) {
  await mkdir(folder);
  for (let number = 0; number < count; number += 1) {
    await writeFile(path.join(folder, `object-${String(number).padStart(6, '0')}`), Buffer.alloc(objectBytes, number));
  }
  return folder;
}
