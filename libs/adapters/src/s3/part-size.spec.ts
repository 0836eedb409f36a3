import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { partSize } from './part-size.js';

describe('the parts of an upload', () => {
  it('are at most 10,000 and at least 8 MiB, up to the largest object', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 48 * 2 ** 40 }), (size) => {
        const part = partSize(size);
        expect(Math.ceil(size / part)).toBeLessThanOrEqual(10_000);
        expect(part).toBeGreaterThanOrEqual(8 * 2 ** 20);
      }),
    );
  });
});
