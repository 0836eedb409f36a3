import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SeededChance } from '../testing/seeded-chance.js';
import { costOf, learn, secondsOf, type Pace, type PaceSample } from './pace.js';

const mib = 1_048_576;
const learnt = (samples: readonly Omit<PaceSample, 'held'>[]): Pace =>
  samples.reduce<Pace | undefined>((pace, sample) => learn(pace, { ...sample, held: 1 }), undefined)!;

/** Tasks of many sizes, each of which takes what its objects take, more or less. */
function tasks(count: number, cost: { overhead: number; perObject: number; perByte: number }, noise = 0) {
  const chance = new SeededChance(3);
  return Array.from({ length: count }, () => {
    const objects = 1 + Math.floor(chance.fraction() * 60);
    const bytes = Math.round(objects * mib * (0.2 + 2 * chance.fraction()));
    const factor = 1 + noise * (2 * chance.fraction() - 1);
    return { objects, bytes, seconds: secondsOf(cost, { objects, bytes }) * factor };
  });
}

describe('what a job learns of its speed', () => {
  it('is the time of one task, when one was done', () => {
    const pace = learnt([{ objects: 1, bytes: mib, seconds: 3 }]);
    expect(secondsOf(costOf(pace), { objects: 1, bytes: mib }) / 3).toBeCloseTo(1, 0);
  });

  it.each([
    ['objects', { overhead: 0, perObject: 2, perByte: 0 }],
    ['bytes', { overhead: 0, perObject: 0, perByte: 3 / mib }],
    ['objects, bytes and the task itself', { overhead: 8, perObject: 0.5, perByte: 0.7 / mib }],
  ])('tells apart what %s cost', (_, cost) => {
    for (const noise of [0, 0.3]) {
      const found = costOf(learnt(tasks(200, cost, noise)));
      for (const size of [
        { objects: 1, bytes: mib },
        { objects: 50, bytes: 50 * mib },
        { objects: 3, bytes: 30 * mib },
      ]) {
        const ratio = secondsOf(found, size) / secondsOf(cost, size);
        expect(ratio).toBeGreaterThan(0.75);
        expect(ratio).toBeLessThan(1.35);
      }
    }
  });

  it('takes a task for cheap by itself while all have one size', () => {
    const { overhead } = costOf(
      learnt(Array.from({ length: 100 }, () => ({ objects: 9, bytes: 9 * mib, seconds: 60 }))),
    );
    expect(overhead).toBeLessThan(6);
  });

  it('is not much moved by one task that hung', () => {
    const usual = Array.from({ length: 40 }, () => ({ objects: 10, bytes: 10 * mib, seconds: 10 }));
    const pace = learnt([...usual, { objects: 10, bytes: 10 * mib, seconds: 5_000 }]);
    expect(secondsOf(costOf(pace), { objects: 10, bytes: 10 * mib })).toBeLessThan(20);
  });

  it('follows a speed that changes at once within a dozen tasks, also while tasks become smaller', () => {
    const before = tasks(60, { overhead: 1, perObject: 1, perByte: 0 });
    const after = Array.from({ length: 12 }, (_, index) => {
      const objects = 24 - 2 * index;
      return { objects, bytes: objects * mib, seconds: 1 + objects * 8 };
    });
    const expected = secondsOf(costOf(learnt([...before, ...after])), { objects: 10, bytes: 10 * mib });
    expect(expected).toBeGreaterThan(50);
    expect(expected).toBeLessThan(120);
  });

  it('forgets slots that have left, little by little', () => {
    let pace: Pace | undefined;
    const sample = { objects: 1, bytes: 1, seconds: 1 };
    for (let index = 0; index < 10; index += 1) pace = learn(pace, { ...sample, held: 100 });
    expect(pace!.slots).toBe(100);
    for (let index = 0; index < 300; index += 1) pace = learn(pace, { ...sample, held: 4 });
    expect(pace!.slots).toBeLessThan(8);
  });

  it('is never below nothing, whatever is told, and survives being written down', () => {
    const sample = fc.record({
      objects: fc.integer({ min: 1, max: 10_000 }),
      bytes: fc.integer({ min: 0, max: 1e12 }),
      seconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 80 }), sample, (samples, next) => {
        const pace = learnt(samples);
        const cost = costOf(pace);
        for (const value of Object.values(cost)) expect(value).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(secondsOf(cost, next))).toBe(true);
        expect(JSON.parse(JSON.stringify(pace))).toEqual(pace);
      }),
    );
  });
});
