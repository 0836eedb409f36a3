import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OutputEndings } from './output-endings.js';

describe('the endings of outputs', () => {
  it('prove that outputs are apart when each is the own name and a fixed ending', () => {
    const endings = OutputEndings.of('a/x.tif', ['a/x.tif.labels.png', 'a/x.tif.csv']);
    expect(endings?.cover('b/y.tif', ['b/y.tif.csv', 'b/y.tif.labels.png'])).toBe(true);
    expect(endings?.cover('b/y.tif', ['b/y.tif.csv'])).toBe(true);
  });

  it.each([
    ['the own name itself', ['x.tif']],
    ['a name that begins otherwise', ['labels/x.tif.png']],
    ['the own name without its ending', ['x.png']],
    ['one that proves something and one that does not', ['x.tif.csv', 'all.csv']],
    ['an ending that is the end of another', ['x.tif.csv', 'x.tif.labels.csv']],
  ])('prove nothing by %s', (_, outputs) => {
    expect(OutputEndings.of('x.tif', outputs)).toBeUndefined();
  });

  it('do not cover outputs that follow another rule', () => {
    const endings = OutputEndings.of('x', ['x.csv']);
    expect(endings?.cover('y', ['y.txt'])).toBe(false);
    expect(endings?.cover('y', ['x.csv'])).toBe(false);
    expect(endings?.cover('y', ['y.csv', 'other.csv'])).toBe(false);
  });

  it('never cover two objects that write the same output', () => {
    const name = fc.string({ unit: fc.constantFrom('a', '.', 'b'), minLength: 1, maxLength: 5 });
    const ending = fc.string({ unit: fc.constantFrom('a', '.', 'b'), maxLength: 3 });
    fc.assert(
      fc.property(
        name,
        name,
        name,
        fc.uniqueArray(ending, { minLength: 1, maxLength: 3 }),
        (first, one, other, all) => {
          const outputs = (key: string) => all.map((text) => key + text);
          const endings = OutputEndings.of(first, outputs(first));
          if (one === other || !endings?.cover(one, outputs(one)) || !endings.cover(other, outputs(other))) return;
          expect(new Set([...outputs(one), ...outputs(other)]).size).toBe(2 * all.length);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
