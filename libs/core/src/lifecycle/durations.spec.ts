import { describe, expect, it } from '@jest/globals';
import { SeededChance } from '../testing/seeded-chance.js';
import { bucketStartMs, coarser, durationBucket, durationStatistics, type DurationCount } from './durations.js';

function counted(durations: readonly number[]): DurationCount[] {
  const counts = new Map<number, DurationCount>();
  for (const ms of durations) {
    const bucket = durationBucket(ms);
    const { count = 0, sumMs = 0, minMs = ms, maxMs = ms } = counts.get(bucket) ?? {};
    const [low, high] = [Math.min(minMs, ms), Math.max(maxMs, ms)];
    counts.set(bucket, { bucket, count: count + 1, sumMs: sumMs + ms, minMs: low, maxMs: high });
  }
  return [...counts.values()];
}

describe('durations', () => {
  it('lie in the bucket that begins at or before them', () => {
    for (const ms of [0, 1, 2, 3, 999, 60_000, 604_800_000]) {
      const bucket = durationBucket(ms);
      expect(bucketStartMs(bucket)).toBeLessThanOrEqual(Math.max(ms, 1));
      expect(bucketStartMs(bucket + 1)).toBeGreaterThan(ms);
    }
    expect(durationBucket(604_800_000)).toBe(233);
  });

  it('have exact ends, sum and count, and a median and a 95th percentile within 5 %', () => {
    const chance = new SeededChance();
    const durations = Array.from({ length: 5_000 }, () => Math.round(10 ** (1 + 4 * chance.fraction())));
    const sorted = [...durations].sort((one, other) => one - other);
    const found = durationStatistics(counted(durations));
    expect(found).toMatchObject({
      count: 5_000,
      minMs: sorted[0],
      maxMs: sorted.at(-1),
      sumMs: durations.reduce((sum, ms) => sum + ms, 0),
    });
    const near = (ms: number, truth: number) => expect(Math.abs(ms - truth) / truth).toBeLessThan(0.05);
    near(found!.medianMs, (sorted[2_499]! + sorted[2_500]!) / 2);
    near(found!.p95Ms, sorted[4_749]!);
  });

  it('of one are that one, and of none are nothing', () => {
    expect(durationStatistics(counted([1_234]))).toMatchObject({ minMs: 1_234, medianMs: 1_234, p95Ms: 1_234 });
    expect(durationStatistics([])).toBeUndefined();
  });

  it('are put together for a chart without losing one', () => {
    const counts = counted([1, 5, 10, 100, 1_000, 100_000]);
    const bars = coarser(counts, 10);
    expect(bars.length).toBeLessThanOrEqual(10);
    expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(6);
    for (const [index, bar] of bars.entries()) if (index > 0) expect(bar.fromMs).toBe(bars[index - 1]!.toMs);
    expect(coarser([], 10)).toEqual([]);
  });
});
