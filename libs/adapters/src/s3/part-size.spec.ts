import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { partSize } from './part-size.js';

const MiB = 2 ** 20;
const GiB = 2 ** 30;
const largestObject = 48.8 * 2 ** 40;

describe('the parts of an upload', () => {
  it.each([
    [0, 8 * MiB],
    [5 * GiB, 8 * MiB],
    [80_000 * MiB, 8 * MiB],
    [80_000 * MiB + 1, 8 * MiB + 1],
    [10_000 * GiB, GiB],
  ])('of %i bytes have %i bytes each', (size, part) => {
    expect(partSize(size)).toBe(part);
  });

  it('are at most 10,000, of 8 MiB to 5 GiB, up to the largest object', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Math.floor(largestObject) }), (size) => {
        const part = partSize(size);
        expect(Math.ceil(size / part)).toBeLessThanOrEqual(10_000);
        expect(part).toBeGreaterThanOrEqual(8 * MiB);
        expect(part).toBeLessThanOrEqual(5 * GiB);
      }),
    );
  });
});
