/** A process of many light workers. Its parent says what to begin, and is told the counts whenever it asks. */
import { LightWorker } from './light-worker.mjs';

/** As many register at the same time; each begins its life at once. */
const atOnce = 100;
/** More than this, and the machine has other things to do. */
const mostBytes = 2 * 1024 ** 3;
const tallies = { requests: 0, heartbeats: 0, taken: 0, done: 0, lost: 0, secondAttempts: 0, errors: {} };
let workers = [];
const deeds = {
  register: async ({ count, url, joinToken, seed, taskSeconds }) => {
    const chance = chanceOf(seed);
    const habits = { chance, taskMs: () => taskSeconds * 1000 * (0.5 + chance()) };
    workers = Array.from(
      { length: count },
      (_, number) => new LightWorker({ url, number, joinToken }, habits, tallies),
    );
    const waiting = [...workers];
    const next = async () => {
      for (let worker = waiting.pop(); worker; worker = waiting.pop()) {
        await worker.register();
        worker.live();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, next));
  },
  count: () => undefined,
  stop: () => workers.forEach((worker) => worker.stop()),
};

process.on('message', async ({ deed, ...given }) => {
  if (process.memoryUsage.rss() > mostBytes) throw new Error('The light workers need more than 2 GB.');
  await deeds[deed](given);
  process.send({ deed, tallies });
  if (deed === 'stop') process.disconnect();
});

/** mulberry32: small, and the same for the same seed. */
function chanceOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

// Nobody is left to work for.
process.once('disconnect', () => process.exit());
