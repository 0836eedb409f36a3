import { describe, expect, it } from '@jest/globals';
import { bestOf, otherSizes } from './best-batch.js';
import { EventQueue } from './event-queue.js';
import type { Outcome } from './outcome.js';
import { evenObjects, objectTimes, workloadOf } from './workload.js';

describe('the work of a simulated job', () => {
  it('is cut as a real one, by number and by bytes', () => {
    const { firsts, bytesBefore } = workloadOf(evenObjects(7, 10), { maxObjects: 3 }, () => 1);
    expect([...firsts]).toEqual([0, 3, 6, 7]);
    expect([...bytesBefore]).toEqual([0, 10, 20, 30, 40, 50, 60, 70]);
    expect([...workloadOf(evenObjects(4, 10), { maxObjects: 9, maxBytes: 20 }, () => 1).firsts]).toEqual([0, 2, 4]);
  });

  it('keeps groups whole, and each object its own time', () => {
    const objects = ['a', 'b', 'a', 'b'].map((group, index) => ({ sizeBytes: index, group }));
    const { firsts, bytesBefore, msBefore } = workloadOf(objects, { maxObjects: 2 }, (index) => 10 ** index);
    expect([...firsts]).toEqual([0, 2, 4]);
    expect([...bytesBefore]).toEqual([0, 0, 2, 3, 6]);
    expect([...msBefore]).toEqual([0, 1, 101, 111, 1_111]);
  });

  it('takes as long as was said at the mean, however far it spreads', () => {
    const { msBefore } = workloadOf(evenObjects(50_000, 0), { maxObjects: 10 }, objectTimes(12, 1, 3));
    const mean = (msBefore.at(-1) ?? 0) / 50_000;
    expect(mean).toBeGreaterThan(11_700);
    expect(mean).toBeLessThan(12_300);
  });

  it('is none where there is no object', () => {
    expect([...workloadOf([], { maxObjects: 3 }, () => 1).firsts]).toEqual([0]);
  });
});

describe('what will happen', () => {
  it('happens in its order, and in the order it was planned where it happens at once', () => {
    const queue = new EventQueue<string>();
    const plan: [number, string][] = [
      [5, 'e'],
      [1, 'a'],
      [3, 'c'],
      [3, 'd'],
      [1, 'b'],
      [9, 'f'],
    ];
    for (const [at, name] of plan) queue.plan(at, name);
    const happened: string[] = [];
    for (let next = queue.next(); next; next = queue.next()) happened.push(next.event);
    expect(happened.join('')).toBe('abcdef');
  });
});

describe('the best size of a task', () => {
  const outcome = (makespanMs: number, cost: number, completedObjects = 10) =>
    ({ objects: 10, completedObjects, makespanMs, cost }) as Outcome;

  it('is that of the shortest run that gets the job done, and of two the cheaper', () => {
    const sizes = [outcome(9, 5), outcome(5, 7), outcome(5, 6), outcome(1, 1, 9)];
    expect(bestOf(sizes.map((one, index) => ({ maxObjects: index, outcome: one })))?.maxObjects).toBe(2);
    expect(bestOf([])).toBeUndefined();
  });

  it('is looked for among some sizes up to all objects, and those that somebody names', () => {
    const cut = () => workloadOf(evenObjects(20, 0), { maxObjects: 7 }, () => 1_000);
    const given = { workers: 1, slots: 1, ahead: 0, startUpMs: 0, transferRate: Infinity, outputShare: 0 };
    const more = { taskOverheadMs: 0, leaseMs: 1, lossPerHour: 0, notice: false, replace: true, slowShare: 0 };
    const rest = { slowness: 1, pricePerHour: 0, seed: 1, policy: { timeoutSeconds: 60 } as never };
    const fleet = { ...given, ...more, ...rest };
    const tried = (wanted?: number[]) =>
      otherSizes({ maxObjects: 7 }, { ...outcome(1, 1), objects: 20 }, cut, fleet, wanted).map(
        ({ maxObjects }) => maxObjects,
      );
    expect(tried()).toEqual([1, 3, 7, 10, 30]);
    expect(tried([5, 2])).toEqual([2, 5]);
  });
});
