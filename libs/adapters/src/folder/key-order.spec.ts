import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareKeys } from './key-order.js';

/** Texts that share beginnings, of characters around the borders of UTF-8 and UTF-16. */
const texts = fc.string({
  unit: fc.constantFrom(
    'a',
    '/',
    '.',
    '\u007f',
    '\u0080',
    '\u07ff',
    '\u0800',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '\u{10000}',
    '\u{10ffff}',
  ),
  maxLength: 4,
});

describe('the order of keys', () => {
  it('is the order of their UTF-8 bytes', () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const bytes = Buffer.compare(Buffer.from(one), Buffer.from(other));
        expect(Math.sign(compareKeys(one, other))).toBe(bytes);
      }),
      { numRuns: 2_000 },
    );
  });

  it('puts a musical clef behind a full-width letter, which JavaScript does not', () => {
    expect(['\u{1d11e}', '\uff21'].sort()).toEqual(['\u{1d11e}', '\uff21']);
    expect(['\u{1d11e}', '\uff21'].sort(compareKeys)).toEqual(['\uff21', '\u{1d11e}']);
  });
});
