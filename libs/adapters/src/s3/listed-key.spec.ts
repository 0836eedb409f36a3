import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hostileNames } from '@longshore/core/testing';
import { commonPrefix, decodeKey } from './listed-key.js';

describe('a listed key', () => {
  it('is decoded exactly once', () => {
    for (const key of hostileNames) {
      expect(decodeKey(encodeURIComponent(key), 'url')).toBe(key);
      expect(decodeKey(encodeURIComponent(key).replaceAll('%20', '+'), 'url')).toBe(key);
    }
    expect(decodeKey('a+b%2Bc%252Fd', 'url')).toBe('a b+c%2Fd');
  });

  it('is left alone where the store did not encode it', () => {
    expect(decodeKey('a+b%2Fc', undefined)).toBe('a+b%2Fc');
  });

  it('comes out so that it is refused where it is not valid UTF-8', () => {
    expect(decodeKey('bad%FFkey', 'url')).toBe('bad\uFFFDkey');
    expect(decodeKey('100%zz%', 'url')).toBe('100%zz%');
  });
});

describe('the common beginning of keys', () => {
  it.each<[string[], string]>([
    [[], ''],
    [['out/a'], 'out/a'],
    [['out/a', 'out/ab', 'out/b'], 'out/'],
    [['out/a', 'out/ab'], 'out/a'],
    [['out/ab', 'out/a'], 'out/a'],
    [['a', 'b'], ''],
    // These share the first half of a surrogate pair.
    [['out/\u{1f52c}', 'out/\u{1f52d}'], 'out/'],
  ])('of %j is %j', (keys, common) => {
    expect(commonPrefix(keys)).toBe(common);
  });

  it('begins every key', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (keys) => {
        const common = commonPrefix(keys);
        expect(keys.every((key) => key.startsWith(common))).toBe(true);
      }),
    );
  });
});
