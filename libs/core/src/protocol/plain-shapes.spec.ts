import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aManifest, aTask } from '../testing/builders.js';
import { readManifest } from './manifest-message.js';
import { isPlainManifest } from './plain-shapes.js';
import { spoiled, strange, way } from '../testing/spoiling.js';

describe('a manifest that is plainly right', () => {
  const manifest = aManifest(aTask());

  it('is taken as it is', () => {
    expect(isPlainManifest(manifest)).toBe(true);
    expect(readManifest({ manifest })).toBe(manifest);
  });

  it('is never one that the validators would refuse, or take something from', () => {
    const property = fc.property(way, strange, (path, odd) => {
      const told = spoiled(manifest, path, odd);
      if (!isPlainManifest(told)) return;
      // With a field that nobody knows it goes the long way, which leaves that out.
      const long = readManifest({ manifest: { ...told, unheard: 1 } });
      expect(JSON.parse(JSON.stringify(long))).toEqual(JSON.parse(JSON.stringify(told)));
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});
