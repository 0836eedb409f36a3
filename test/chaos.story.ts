/** 24 real images while everything is killed, stopped, cut off, doubled and refused. A seed that fails is printed with the command that repeats it. */
import { writeSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chaosRun, type Outcome } from './chaos/chaos-run.js';
import { Ground } from './chaos/ground.js';

/** A range such as `1-20`, or one seed. */
const [first = 1, last = first] = (process.env.CHAOS_SEEDS ?? '1-2').split('-').map(Number);
const seeds = Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('the job under chaos', () => {
  let ground: Ground | undefined;

  beforeAll(async () => {
    ground = await Ground.prepare();
  });
  afterAll(() => ground?.[Symbol.asyncDispose]());

  it.each(seeds)(
    'I1 I2 I4 I5 I6 I9 I10 A1 A2 A3 A4 A7 A8 B1 B2 B3 B4 B5 B6 F13 F22: gives the bytes of an undisturbed run, seed %s',
    async (seed) => {
      const outcome = await chaosRun(seed, ground!);
      // Written directly, because what a test logs is shown only once all tests of the file are over.
      writeSync(1, `${lineOf(outcome)}\n`);
      expect(outcome.faults).toEqual([]);
    },
  );
});

function lineOf({ seed, durationMs, faults, ...counts }: Outcome): string {
  const { kills, stops, cuts, duplicates, slowDowns, releases, staleFences } = counts;
  const end = faults.length === 0 ? 'holds' : `FAILED, repeat with: CHAOS_SEEDS=${seed} npm run test:chaos`;
  return [
    `seed ${seed}: ${(durationMs / 1000).toFixed(1)} s`,
    `${kills} kills`,
    `${stops} stops`,
    `${cuts} partitions`,
    `${duplicates} duplicates`,
    `${slowDowns} S3 503s`,
    `${releases} re-leases`,
    `${staleFences} stale fences`,
    end,
  ].join(', ');
}
