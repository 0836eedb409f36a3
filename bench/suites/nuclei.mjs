/** Counting nuclei in real microscopy images, from the folder of images to the last result. */
import path from 'node:path';
import { startOrchestrator } from '../programs/orchestrator.mjs';
import { startWorker } from '../programs/worker.mjs';
import { expectLabels, freshOutput, layOut } from '../nuclei/images.mjs';
import { endContainer, jobOnWorkers, longshoreRun, oneContainer, startContainer, xargs } from '../nuclei/ways.mjs';

const workers = 2;

export const suite = {
  name: 'nuclei',
  summary: 'the nuclei job end to end, beside a container for each image, and the container alone',
  peers: ['docker'],
  async run(bench) {
    if (!bench.peer('docker')) return;
    const url = await startCluster(bench);
    const few = bench.quick ? 4 : 24;
    await compare(bench, { url, count: few, shells: true });
    if (bench.quick) return;
    for (const times of [5, 20]) await compare(bench, { url, count: times * few, shells: false });
  },
};

/** A container for each of many images takes minutes, and says nothing that it did not say for a few. */
async function compare(bench, { url, count, shells }) {
  const folder = await bench.temporary();
  const inputs = path.join(folder, 'in');
  const names = await layOut(inputs, count);
  const out = path.join(folder, 'out');
  const places = { url, home: path.join(folder, 'home'), inputs, output: out, names };
  const timed = async (way) => {
    const startedAt = performance.now();
    const told = await way(places);
    const seconds = told ?? (performance.now() - startedAt) / 1000;
    await expectLabels(out, count);
    return seconds;
  };
  const ours = (way) => async () => {
    await freshOutput(out);
    return timed(way);
  };
  const shell = async () => {
    await freshOutput(out, names);
    return timed(xargs);
  };
  const alone = async () => {
    await freshOutput(out, ['first', 'second']);
    const container = await startContainer(places);
    try {
      return await timed(() => oneContainer({ container }));
    } finally {
      await endContainer(container);
    }
  };
  const [job, command] = ['longshore, 2 workers that run', 'longshore run, from nothing'];
  await bench.interleave({
    metric: `${count} images`,
    unit: 's',
    better: 'less',
    ours: shells ? [job, command] : job,
    subjects: {
      [job]: ours(jobOnWorkers),
      ...(shells && { [command]: ours(longshoreRun), 'xargs -P2 docker run': shell }),
      'the container alone, 2 processes': alone,
    },
  });
}

async function startCluster(bench) {
  const folder = await bench.temporary();
  const plugin = 'rgo-segmentation';
  const orchestrator = await startOrchestrator(path.join(folder, 'state'), { LONGSHORE_PLUGINS: plugin });
  bench.defer(orchestrator.stop);
  const { url } = orchestrator;
  for (let number = 1; number <= workers; number += 1) {
    const worker = await startWorker(folder, { url, name: `bench-${process.pid}-${number}`, plugin });
    bench.defer(worker.stop);
  }
  return url;
}
