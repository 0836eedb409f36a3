/** A whole fleet against one orchestrator: what it feels like to be it, and whether anybody is forgotten. */
import { runFleet } from '../fleet/fleet-run.mjs';

const whole = { workers: 10_000, seconds: 45, taskSeconds: 120 };
/** To show that it works. */
const quick = { workers: 300, seconds: 5, taskSeconds: 4 };

export const suite = {
  name: 'fleet',
  summary:
    '10,000 light workers against one orchestrator: wanted are an event loop delay below 50 ms (99th percentile, the 10 ms between two looks included), less than 1,000 MB, and no lease lost',
  peers: [],
  async run(bench) {
    const wish = bench.quick ? quick : whole;
    // One run has many thousands of samples, and takes a minute.
    const run = await runFleet({ ...wish, folder: await bench.temporary() });
    const subject = `longshore, ${wish.workers.toLocaleString('en-GB')} workers`;
    const say = (metric, unit, value) => bench.measure(subject, metric, unit, async () => value);
    for (const [part, { delayP99Ms }] of Object.entries(run.parts))
      await say(`event loop delay p99 while ${part}`, 'ms', delayP99Ms);
    await say('memory at its peak', 'MB', run.megabytes);
    await say('leases lost', 'leases', Math.max(run.tallies.lost, run.rescues));
    await say('time to register all', 's', run.parts.registering.seconds);
    await say('requests while working', 'requests/s', run.parts.working.requestsPerSecond);
    await say('processor time while working', 'share of one', run.parts.working.cpuShare);
  },
};
