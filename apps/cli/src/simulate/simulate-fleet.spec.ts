import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultJobPolicy } from '@longshore/core';
import type { Assumptions } from './assumptions.js';
import { simulateFleet } from './simulate-fleet.js';
import { evenObjects, objectTimes, workloadOf } from './workload.js';

const plain: Assumptions = {
  workers: 1,
  slots: 1,
  ahead: 0,
  startUpMs: 0,
  transferRate: Infinity,
  outputShare: 1,
  taskOverheadMs: 0,
  leaseMs: 60_000,
  lossPerHour: 0,
  notice: false,
  replace: true,
  slowShare: 0,
  slowness: 5,
  pricePerHour: 2,
  policy: defaultJobPolicy,
  seed: 1,
};

const usualWork = { objects: 4, size: 0, perTask: 1, seconds: 10, spread: 0, neverSplit: false };

function run(given: Partial<Assumptions>, work: Partial<typeof usualWork> = {}) {
  const { objects, size, perTask, seconds, spread, neverSplit } = { ...usualWork, ...work };
  const times = objectTimes(seconds, spread, 1);
  const workload = workloadOf(evenObjects(objects, size), { maxObjects: perTask }, times, { neverSplit });
  return simulateFleet(workload, { ...plain, ...given });
}

describe('a simulated run', () => {
  it('takes the sum of its objects on one worker', () => {
    expect(run({})).toMatchObject({
      tasks: 4,
      makespanMs: 40_000,
      idealMs: 40_000,
      utilisation: 1,
      completedObjects: 4,
    });
  });

  it('is shared by workers and slots', () => {
    expect(run({ workers: 2 }).makespanMs).toBe(20_000);
    expect(run({ workers: 2, slots: 2 }).makespanMs).toBe(10_000);
  });

  it('lasts as long as its largest task, and the others wait', () => {
    const { makespanMs, utilisation, time } = run({ workers: 2 }, { objects: 3, perTask: 2 });
    expect(makespanMs).toBe(20_000);
    expect(utilisation).toBe(0.75);
    expect(time.idle).toBe(10_000);
  });

  it('costs what its machines cost, from their order on', () => {
    const { makespanMs, workerHours, cost, time } = run({ workers: 2, startUpMs: 3_580_000 });
    expect(makespanMs).toBe(3_600_000);
    expect([workerHours, cost]).toEqual([2, 4]);
    expect(time.starting).toBe(2 * 3_580_000);
  });

  it('pays for each task beside its objects', () => {
    expect(run({ taskOverheadMs: 500 }).makespanMs).toBe(42_000);
    expect(run({ taskOverheadMs: 500 }, { perTask: 2 }).makespanMs).toBe(41_000);
  });

  it('moves one task after the other, and waits for its objects where nothing is fetched ahead', () => {
    // 1 s to fetch, 10 s to run, 1 s to store, and only the last one is waited for.
    const { makespanMs, time } = run({ transferRate: 100 }, { size: 100 });
    expect(makespanMs).toBe(45_000);
    expect(time.awaitingBytes).toBe(4_000);
  });

  it('fetches the next task while one runs', () => {
    expect(run({ transferRate: 100, ahead: 1 }, { size: 100 }).makespanMs).toBe(42_000);
  });

  it('is as slow as its slow machines', () => {
    const { makespanMs, time } = run({ slowShare: 1, slowness: 3 });
    expect(makespanMs).toBe(120_000);
    expect(time.slowMachines).toBe(80_000);
  });

  it('sets a group that runs longer than the job allows aside as a whole', () => {
    const policy = { ...defaultJobPolicy, timeoutSeconds: 25 };
    const outcome = run({ policy }, { perTask: 4, neverSplit: true });
    expect([outcome.deadObjects, outcome.completedObjects]).toEqual([4, 0]);
    expect(outcome.attemptsTimedOut).toBe(defaultJobPolicy.maxAttempts);
  });

  it('gives a task that runs longer than the job allows the tries of real ones, then splits it until it fits', () => {
    const policy = { ...defaultJobPolicy, timeoutSeconds: 15, retryDelaySeconds: 1 };
    const { attemptsTimedOut, completedObjects, deadObjects } = run({ policy }, { objects: 2, perTask: 2 });
    expect([attemptsTimedOut, completedObjects, deadObjects]).toEqual([3, 2, 0]);
    expect(run({ policy }, { objects: 1, seconds: 20 })).toMatchObject({ attemptsTimedOut: 3, deadObjects: 1 });
  });

  it('ends where the last machine was taken away and none is ordered', () => {
    const { completedObjects, objects, machinesLost } = run({ lossPerHour: 1_000, replace: false }, { objects: 1_000 });
    expect(machinesLost).toBe(1);
    expect(completedObjects).toBeLessThan(objects);
  });

  it('waits for the end of a lease, unless whoever is taken away is told', () => {
    const fleet = { workers: 3, lossPerHour: 20, leaseMs: 600_000 };
    const work = { objects: 60 };
    const [silent, told] = [run(fleet, work), run({ ...fleet, notice: true }, work)];
    expect(silent.attemptsLost).toBeGreaterThan(0);
    expect(told.attemptsLost).toBeGreaterThan(0);
    expect(told.completedObjects).toBe(60);
    expect(silent.makespanMs).toBeGreaterThan(told.makespanMs + 400_000);
  });

  it('begins a task of a slow machine again elsewhere, and throws away what that one did', () => {
    const fleet = { workers: 40, slowShare: 0.2, slowness: 15 };
    const { secondRuns, makespanMs, doneTwice } = run(fleet, { objects: 80, seconds: 30 });
    expect(secondRuns).toBeGreaterThan(0);
    expect(makespanMs).toBeLessThan(300_000);
    expect(doneTwice).toBeGreaterThan(0);
  });

  it('is the same for the same seed, and another one for another', () => {
    const given = { workers: 5, lossPerHour: 5 };
    const work = { objects: 200, spread: 0.5 };
    expect(run(given, work)).toEqual(run(given, work));
    expect(run({ ...given, seed: 2 }, work).makespanMs).not.toBe(run(given, work).makespanMs);
  });

  it('keeps its books, whatever is taken for granted', () => {
    const fleets = fc.record({
      workers: fc.integer({ min: 1, max: 12 }),
      slots: fc.integer({ min: 1, max: 3 }),
      ahead: fc.integer({ min: 0, max: 2 }),
      startUpMs: fc.constantFrom(0, 30_000),
      transferRate: fc.constantFrom(Infinity, 20, 1_000),
      taskOverheadMs: fc.constantFrom(0, 400),
      lossPerHour: fc.constantFrom(0, 1, 30),
      notice: fc.boolean(),
      slowShare: fc.constantFrom(0, 0.3),
      seed: fc.integer({ min: 0, max: 1_000 }),
    });
    const works = fc.record({
      objects: fc.integer({ min: 1, max: 150 }),
      perTask: fc.integer({ min: 1, max: 9 }),
      spread: fc.constantFrom(0, 1),
      size: fc.constantFrom(0, 100),
    });
    fc.assert(
      fc.property(fleets, works, (given, work) => {
        const outcome = run(given, work);
        const { completedObjects, deadObjects, makespanMs, idealMs, workerHours, cost, time } = outcome;
        expect(completedObjects + deadObjects).toBe(work.objects);
        const doneShare = completedObjects / work.objects;
        if (doneShare === 1) expect(makespanMs).toBeGreaterThanOrEqual(idealMs * 0.999_999);
        expect(cost).toBeCloseTo(workerHours * plain.pricePerHour, 6);
        const slotHours = Object.values<number>({ ...time }).reduce((sum, ms) => sum + ms, 0) / 3_600_000;
        expect(slotHours).toBeCloseTo(workerHours * given.slots, 6);
        if (doneShare === 1) expect(time.objects).toBeCloseTo(idealMs * given.workers * given.slots, 3);
        for (const ms of Object.values<number>({ ...time })) expect(ms).toBeGreaterThanOrEqual(-0.001);
      }),
      { numRuns: 150 },
    );
  });
});
