import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatBytes, parseBytes } from './memory-size.js';

describe('a size', () => {
  it.each([
    ['512MiB', 512 * 2 ** 20],
    ['1.5GiB', 1.5 * 2 ** 30],
    ['2GB', 2e9],
    ['1 TiB', 2 ** 40],
    [' 7 kb ', 7_000],
    ['7KIB', 7 * 1024],
    ['1024', 1024],
    ['10B', 10],
    ['0', 0],
    ['0.3B', 0],
    ['1.00001MB', 1_000_010],
  ])('is read from %j', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(['', ' ', 'MiB', 'lots', '-1MiB', '1,5GiB', '1e3', '.5GiB', '5 MiB or more', '1 000MB', '512M', 'NaN'])(
    'is refused when it is %j',
    (text) => {
      expect(() => parseBytes(text)).toThrow(
        expect.objectContaining({ code: 'invalid-configuration', message: expect.stringContaining(`"${text}"`) }),
      );
    },
  );

  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [1_023, '1023 B'],
    [1_024, '1.0 KiB'],
    [1_536, '1.5 KiB'],
    [102_400, '100 KiB'],
    [512 * 2 ** 20, '512 MiB'],
    [1.5 * 2 ** 30, '1.5 GiB'],
    [3 * 2 ** 40, '3.0 TiB'],
    [5_000 * 2 ** 40, '5000 TiB'],
  ])('of %d bytes is shown as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('that is shown is within one part in twenty of what it is', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), fc.integer({ min: 1, max: 2 ** 20 }), (nat, factor) => {
        const bytes = nat * factor;
        expect(Math.abs(parseBytes(formatBytes(bytes)) - bytes)).toBeLessThanOrEqual(bytes / 20);
      }),
    );
  });
});
