import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { largestObjectBytes, partSize } from './part-size.js';

const [MiB, GiB, TiB] = [2 ** 20, 2 ** 30, 2 ** 40];

describe('the parts of an upload', () => {
  it.each<[string, number, number]>([
    ['nothing', 0, 8 * MiB],
    ['a byte', 1, 8 * MiB],
    ['one part', 8 * MiB, 8 * MiB],
    ['the most that is sent in the usual parts', 80_000 * MiB, 8 * MiB],
    ['a byte more', 80_000 * MiB + 1, 8 * MiB + 1],
    ['the most that one request may hold', 5 * GiB, 8 * MiB],
    ['a byte more than that', 5 * GiB + 1, 8 * MiB],
    ['what was the largest object for long', 5 * TiB, Math.ceil((5 * TiB) / 10_000)],
    ['the largest object', largestObjectBytes, 5 * GiB],
  ])('F17: of %s are of the right size', (_, size, part) => {
    expect(partSize(size)).toBe(part);
  });

  it('F17: are at most 10,000 of at most 5 GiB, the last one of at least a byte, up to the largest object', () => {
    expect(largestObjectBytes / TiB).toBeCloseTo(48.8, 1);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: largestObjectBytes }), (size) => {
        const part = partSize(size);
        const parts = Math.ceil(size / part);
        expect(parts).toBeLessThanOrEqual(10_000);
        expect(part).toBeGreaterThanOrEqual(8 * MiB);
        expect(part).toBeLessThanOrEqual(5 * GiB);
        expect(size - (parts - 1) * part).toBeGreaterThan(0);
      }),
    );
  });

  it('F17: of what S3 cannot store are refused with its size', () => {
    expect(() => partSize(largestObjectBytes + 1)).toThrow(/48.8 TiB/);
  });
});
