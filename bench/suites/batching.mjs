/**
 * Skewed jobs on a fleet in virtual time: how long they take with tasks that are cut by time and with tasks of a fixed size, as a multiple of what
 * nobody can do better. Nothing else on the machine has a say in it, so one run is as good as many.
 */
import { skewedJobs } from '../batching/skewed-jobs.mjs';
import { simulateFleet } from '@longshore/core/testing/simulated-fleet';

const fixedSizes = [1, 16, 256];
const ours = 'longshore, tasks cut by time';

export const suite = {
  name: 'batching',
  summary: 'how long skewed jobs take, with tasks cut by time and of fixed sizes, as a multiple of the ideal',
  peers: [],

  async run(bench) {
    for (const { name, targetSeconds, ...work } of skewedJobs(bench.quick ? 0.1 : 1)) {
      const ideal = idealOf(work);
      const rules = {
        [ours]: { targetSeconds, maxObjects: 10_000, minObjects: 1 },
        ...Object.fromEntries(fixedSizes.map((maxObjects) => [`tasks of ${maxObjects}`, { maxObjects }])),
      };
      const subjects = Object.fromEntries(
        Object.entries(rules).map(([subject, rule]) => [
          subject,
          async () => simulateFleet({ ...work, rule }).makespan / ideal,
        ]),
      );
      await bench.interleave({ metric: `${name}: time`, unit: 'x ideal', better: 'less', ours, subjects, runs: 1 });
    }
  },
};

/** All slots busy with nothing but objects, or the longest object by itself. */
function idealOf({ objects, slots, overhead, secondsOf }) {
  const times = objects.map((object) => secondsOf(object, 0));
  const all = times.reduce((sum, time) => sum + time, 0);
  return Math.max(all / slots.length, times.reduce((most, time) => Math.max(most, time), 0) + overhead);
}
