/** Thousands of jobs under accidents in virtual time. A seed that fails is printed with the command that repeats it. */
import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { simulate, type Outcome } from './simulation/simulation.js';

/** A range such as `1-2000`, or one seed. */
const range = (process.env.SIMULATION_SEEDS ?? '1-2000').split('-').map(Number);
const first = range[0] ?? 1;
const last = range[1] ?? first;
const perTest = 500;

describe('a job under any accidents', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  const starts = Array.from({ length: Math.ceil((last - first + 1) / perTest) }, (_, index) => first + index * perTest);

  it.each(starts)('A6 A7 A8 A13 B1 B2 B3 B5 B6 F22 I10: keeps every promise, seeds from %s on', async (start) => {
    const failed: string[] = [];
    for (let seed = start; seed < start + perTest && seed <= last; seed += 1) {
      const { faults } = await simulate(seed);
      if (faults.length > 0)
        failed.push(`SIMULATION_SEEDS=${seed} npm test stories simulation\n  ${faults.join('\n  ')}`);
    }
    expect(failed).toEqual([]);
  });

  it('is the same every time for the same seed', async () => {
    const seed = first + 6;
    const told = ({ trace, job, faults }: Outcome) => ({ trace, faults, counts: job.counts, endedAt: job.endedAt });
    expect(told(await simulate(seed))).toEqual(told(await simulate(seed)));
  });

  it('has accidents of every kind, and dead letters only where an object is guilty or was lost too often', async () => {
    const outcomes: Outcome[] = [];
    for (let seed = first; seed < first + 60; seed += 1) outcomes.push(await simulate(seed));
    const traces = outcomes.flatMap(({ trace }) => trace).join('\n');
    for (const accident of [
      'is lost',
      'is killed',
      'stands still',
      'is cut off',
      'orchestrator is killed',
      'dies at a commit',
    ]) {
      expect(traces).toContain(accident);
    }
    expect(outcomes.some(({ job }) => job.state === 'completed')).toBe(true);
  });
});
