/** How long a task is in nobody's hands when its worker is taken away. */
import { takeAway } from '../recovery/scene.mjs';

const leaseSeconds = 4;

const ways = {
  kill: `after kill -9, with leases of ${leaseSeconds} s`,
  term: 'after SIGTERM',
  notice: 'after a spot notice',
};

export const suite = {
  name: 'recovery',
  summary:
    'seconds until the task of a worker that is taken away has begun elsewhere; at most the lease time and 2 s, or 2 s where it was told',
  peers: ['docker'],
  async run(bench) {
    if (!bench.peer('docker')) return bench.missing('longshore', 'there is no Docker Engine');
    const runs = bench.quick ? 1 : bench.runs;
    for (let round = 0; round < runs; round += 1) {
      for (const [how, when] of Object.entries(ways)) {
        await bench.measure('longshore', `task begun elsewhere ${when}`, 's', () => takeAway(bench, how, leaseSeconds));
      }
    }
    return undefined;
  },
};
