import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareKeys } from './key-order.js';

describe('the order of keys', () => {
  const keys = fc.string({
    unit: fc.constantFrom('a', '/', '\0', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'),
  });

  it('is that of their bytes', () => {
    fc.assert(
      fc.property(keys, keys, (one, other) => {
        expect(Math.sign(compareKeys(one, other))).toBe(Buffer.compare(Buffer.from(one), Buffer.from(other)));
      }),
      { numRuns: 2_000 },
    );
  });
});
