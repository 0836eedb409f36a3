import { describe, expect, it } from '@jest/globals';
import { SeededChance } from '../testing/seeded-chance.js';
import type { ObjectRef } from '../words/object-ref.js';
import { anObject } from '../testing/builders.js';
import { simulateFleet, type SimulatedOutcome, type SimulatedWork } from '../testing/simulated-fleet.js';

const mib = 1_048_576;
const target = 60;
const adaptive = { targetSeconds: target, maxObjects: 10_000, minObjects: 1 };

function objects(count: number, sizeOf: (index: number) => number): ObjectRef[] {
  return Array.from({ length: count }, (_, index) =>
    anObject(`in/${String(index).padStart(6, '0')}`, { sizeBytes: Math.max(1, Math.round(sizeOf(index))) }),
  );
}

/** Sizes of which few are very large. */
function logNormal(seed: number): () => number {
  const chance = new SeededChance(seed);
  return () => {
    const normal = Math.sqrt(-2 * Math.log(1 - chance.fraction())) * Math.cos(2 * Math.PI * chance.fraction());
    return mib * Math.exp(1.2 * normal);
  };
}

const numberOf = ({ key }: ObjectRef) => Number(key.slice(3));
const byBytes = ({ sizeBytes }: ObjectRef) => 0.2 + sizeBytes / mib;
const slots = (count: number, from = 0) => Array.from({ length: count }, () => from);

/** What nobody can do better: all slots busy with nothing but objects, or the longest object alone. The tasks' own costs are added. */
function idealOf(work: SimulatedWork, { tasks }: SimulatedOutcome): number {
  const times = work.objects.map((object) => work.secondsOf(object, 0));
  const all = times.reduce((sum, time) => sum + time, 0) + tasks.length * work.overhead;
  return Math.max(all / work.slots.length, Math.max(...times) + work.overhead);
}

function play(work: Omit<SimulatedWork, 'rule' | 'overhead'> & { overhead?: number }) {
  const whole = { rule: adaptive, overhead: 1, ...work };
  const outcome = simulateFleet(whole);
  const fixed = (maxObjects: number) => simulateFleet({ ...whole, rule: { maxObjects } }).makespan;
  const keys = outcome.tasks.flatMap((task) => task.objects.map(({ key }) => key));
  expect(keys.toSorted()).toEqual(work.objects.map(({ key }) => key));
  return { outcome, fixed, ideal: idealOf(whole, outcome) };
}

describe('a job whose tasks are cut by time, on a fleet in virtual time', () => {
  it('gives every slot something at once', () => {
    const { outcome } = play({ objects: objects(2_000, () => mib), slots: slots(64), secondsOf: () => 1 });
    expect(outcome.tasks.filter(({ begin }) => begin === 0)).toHaveLength(64);
  });

  it('ends within a target of the ideal with equal objects, and cheaper than with small tasks', () => {
    const { outcome, fixed, ideal } = play({
      objects: objects(20_000, () => mib),
      slots: slots(16),
      secondsOf: () => 0.5,
    });
    expect(outcome.makespan).toBeLessThan(ideal + 3);
    expect(outcome.makespan).toBeLessThan(fixed(1) / 2);
    expect(outcome.makespan).toBeLessThan(fixed(16));
  });

  it.each([1, 2, 3])('ends within a target of the ideal with skewed sizes (%s)', (seed) => {
    const { outcome, fixed, ideal } = play({
      objects: objects(4_000, logNormal(seed)),
      slots: slots(16),
      secondsOf: byBytes,
    });
    expect(outcome.makespan).toBeLessThan(ideal + target);
    for (const size of [1, 16, 256]) expect(outcome.makespan).toBeLessThan(fixed(size));
    const lengths = outcome.tasks.map(({ begin, end }) => end - begin);
    expect(lengths.slice(-16).reduce((sum, length) => sum + length, 0) / 16).toBeLessThan(target / 4);
  });

  it('ends within a target of the ideal where one giant comes last', () => {
    const sizeOf = logNormal(6);
    const listed = objects(4_000, (index) => (index === 3_999 ? 400 * mib : sizeOf()));
    const { outcome, fixed, ideal } = play({ objects: listed, slots: slots(16), secondsOf: byBytes });
    expect(outcome.makespan).toBeLessThan(ideal + target);
    for (const size of [1, 16, 256]) expect(outcome.makespan).toBeLessThan(fixed(size) * 0.8);
    expect(outcome.tasks.find(({ objects: held }) => held.some((one) => numberOf(one) === 3_999))?.begin).toBe(0);
  });

  it.each([
    [
      'its last twentieth is ten times as slow as size and place tell',
      (object: ObjectRef) => (numberOf(object) >= 9_500 ? 8 : 0.8),
    ],
    ['its first twentieth is', (object: ObjectRef) => (numberOf(object) < 500 ? 8 : 0.8)],
    ['every machine becomes three times as slow on the way', (_: ObjectRef, at: number) => (at > 200 ? 2.4 : 0.8)],
    ['every machine becomes three times as fast on the way', (_: ObjectRef, at: number) => (at > 200 ? 0.3 : 0.9)],
  ])('ends all slots within a target of one another where %s', (_, secondsOf) => {
    const { outcome } = play({ objects: objects(10_000, () => mib), slots: slots(16), secondsOf });
    const byEnd = outcome.tasks.map(({ end }) => end).toSorted((one, other) => other - one);
    expect(byEnd[0]! - byEnd[15]!).toBeLessThan(target);
  });

  it('shares what is left with workers that come late', () => {
    const { outcome } = play({
      objects: objects(10_000, () => mib),
      slots: [...slots(4), ...slots(96, 200)],
      secondsOf: () => 0.8,
    });
    const done = outcome.tasks.filter(({ begin }) => begin < 200).reduce((sum, task) => sum + task.objects.length, 0);
    const left = ((10_000 - done) * 0.8 + outcome.tasks.length) / 100;
    expect(outcome.makespan).toBeLessThan(200 + left + target);
  });

  it('makes tasks that are worth what they cost by themselves', () => {
    const listed = objects(20_000, () => mib);
    const { outcome } = play({ objects: listed, slots: slots(8), secondsOf: () => 0.3, overhead: 20 });
    const all = outcome.tasks.reduce((sum, { begin, end }) => sum + end - begin, 0);
    expect(20_000 * 0.3).toBeGreaterThan(all * 0.55);
  });

  it('is even where every object takes longer than a task should', () => {
    const { outcome, ideal } = play({ objects: objects(200, () => 100 * mib), slots: slots(8), secondsOf: () => 200 });
    expect(outcome.makespan).toBeCloseTo(ideal, 5);
  });
});
