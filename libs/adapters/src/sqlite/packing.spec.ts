import { describe, expect, it } from '@jest/globals';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { pack, unpack } from './packing.js';

describe('a packed value', () => {
  it('comes back as it was, short or long', () => {
    const objects = fc.array(fc.record({ key: fc.string({ unit: 'binary' }), sizeBytes: fc.nat() }), {
      size: 'max',
      maxLength: 300,
    });
    fc.assert(fc.property(fc.oneof(objects, fc.string()), (value) => expect(unpack(pack(value))).toEqual(value)));
  });

  it('is compressed where it is long, with all of many pages', () => {
    const value = Array.from({ length: 20_000 }, (_, number) => ({ key: `in/well-${number}.tif`, sizeBytes: number }));
    expect(pack(value).length).toBeLessThan(JSON.stringify(value).length / 4);
    expect(unpack(pack(value))).toEqual(value);
  });

  it('is read from state files that were written with another window', () => {
    const value = ['a'.repeat(1_000)];
    expect(unpack(deflateSync(JSON.stringify(value), { level: 1 }))).toEqual(value);
  });
});
