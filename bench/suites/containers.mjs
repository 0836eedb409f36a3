/** What it costs to start a command: the time of a task that does nothing, in each life cycle of a container and by the command line of Docker. */
import { places } from '../containers/life-cycles.mjs';
import { median } from '../framework/numbers.mjs';

const SLOTS = 4;

/** As many as take about a second, in each measurement. */
const tasks = { warm: 400, 'long-lived': 16, 'per-task': 5, 'docker exec': 16, 'docker run --rm': 5 };
const names = {
  warm: 'longshore, warm',
  'long-lived': 'longshore, long-lived',
  'per-task': 'longshore, per-task',
};

export const suite = {
  name: 'containers',
  summary: 'overhead of a no-op task for each life cycle of a container',
  peers: ['docker'],
  async run(bench) {
    if (!bench.peer('docker')) return;
    const ours = names.warm;
    const oneByOne = { metric: 'a no-op task, one at a time', unit: 'ms', better: 'less', ours };
    await bench.interleave({ ...oneByOne, subjects: await subjects(bench, 1, medianMs) });
    const inSlots = { metric: `no-op tasks in ${SLOTS} slots`, unit: 'tasks/s', better: 'more', ours };
    await bench.interleave({ ...inSlots, subjects: await subjects(bench, SLOTS, rate) });
  },
};

async function subjects(bench, slots, measure) {
  const found = {};
  for (const [kind, open] of Object.entries(places)) {
    const count = bench.quick ? 2 : tasks[kind];
    const opened = [];
    for (let number = 0; number < slots; number += 1) {
      const place = await open(number);
      bench.defer(() => place.close());
      await place.task();
      opened.push(place);
    }
    found[names[kind] ?? kind] = () => measure(opened, count);
  }
  return found;
}

async function medianMs([place], count) {
  const times = [];
  for (let done = 0; done < count; done += 1) {
    const startedAt = performance.now();
    await place.task();
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

async function rate(opened, count) {
  const startedAt = performance.now();
  const series = opened.map(async (place) => {
    for (let done = 0; done < count; done += 1) await place.task();
  });
  await Promise.all(series);
  return (opened.length * count) / ((performance.now() - startedAt) / 1000);
}
