/** How close one slot comes to its slowest stage, when the next task is fetched and the last one staged while one runs. */
import { Scene } from '../pipeline/scene.mjs';

/** What every task takes, in seconds. So many that filling the pipeline and emptying it, which costs two stages however long the job is, is a hundredth. */
const cases = {
  'equal stages': { tasks: 160, alone: 16, stages: { down: 0.3, run: 0.25, up: 0.3 } },
  'the container dominates': { tasks: 40, alone: 8, stages: { down: 0.2, run: 1.5, up: 0.2 } },
};
const quickly = {
  'equal stages': { tasks: 6, alone: 3, stages: { down: 0.1, run: 0.05, up: 0.1 } },
  'the container dominates': { tasks: 4, alone: 2, stages: { down: 0.05, run: 0.3, up: 0.05 } },
};

export const suite = {
  name: 'pipeline',
  summary: 'the time of a run against its slowest stage, with and without overlapping',
  peers: ['moto', 'docker'],
  async run(bench) {
    const moto = bench.peer('moto');
    const docker = bench.peer('docker');
    if (!moto || !docker) {
      for (const [name, peer] of Object.entries({ moto, docker }))
        if (!peer) bench.missing('pipeline', `there is no ${name}`);
      return;
    }
    const scene = await Scene.open(bench, moto);
    for (const [name, { tasks, alone, stages }] of Object.entries(bench.quick ? quickly : cases)) {
      const ratio = async (options) => efficiency(await scene.run({ stages, ...options }));
      await bench.interleave({
        metric: `slowest stage as a share of the makespan, ${name}`,
        unit: '%',
        better: 'more',
        ours: 'longshore',
        subjects: {
          longshore: () => ratio({ tasks }),
          'longshore, LONGSHORE_PREFETCH=0': () => ratio({ tasks: alone, prefetch: '0' }),
        },
      });
    }
  },
};

/** 100 would be the ideal: nothing but the stage that takes longest in all. */
function efficiency({ seconds, sums }) {
  return (100 * Math.max(...Object.values(sums))) / seconds;
}
