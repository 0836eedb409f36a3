import { SchedulerRegistry } from '@nestjs/schedule';
import { describe, expect, it } from '@jest/globals';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { Rounds } from './rounds.js';

function world(work: () => Promise<unknown>) {
  const faults: unknown[] = [];
  const schedule = new SchedulerRegistry();
  const rounds = new Rounds(schedule, { name: 'look', work, failed: (thrown) => faults.push(thrown) });
  return { rounds, faults, schedule };
}

describe(Rounds.name, () => {
  it('begins no round while one is under way', async () => {
    let begun = 0;
    const gate = Promise.withResolvers<void>();
    const { rounds } = world(() => {
      begun += 1;
      return gate.promise;
    });
    rounds.go();
    rounds.go();
    expect(begun).toBe(1);
    gate.resolve();
    await rounds.stop();
    rounds.go();
    expect(begun).toBe(2);
  });

  it('goes on after a round that failed', async () => {
    const { rounds, faults } = world(() => Promise.reject(new Error('no')));
    rounds.go();
    await setImmediate();
    rounds.go();
    await rounds.stop();
    expect(faults).toHaveLength(2);
  });

  it('comes round by the clock until it is stopped, which waits for the last round', async () => {
    let [begun, ended] = [0, 0];
    const { rounds, schedule } = world(async () => {
      begun += 1;
      await sleep(5);
      ended += 1;
    });
    rounds.start(1);
    while (begun < 3) await sleep(1);
    await rounds.stop();
    expect([schedule.getIntervals(), ended]).toEqual([[], begun]);
    await rounds.stop();
  });
});
