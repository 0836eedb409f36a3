/** What every scratch promises. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Scratch } from '../ports/scratch.js';

export function scratchContract(name: string, open: () => Scratch): void {
  describe(`${name} keeps the promises of a scratch:`, () => {
    it('gives back the last value of each name, and nothing for others', async () => {
      const entry = fc.tuple(fc.string({ maxLength: 3, unit: 'binary' }), fc.string({ unit: 'grapheme' }));
      const names = fc.array(fc.string({ maxLength: 3, unit: 'binary' }));
      const same = async (batches: [string, string][][], asked: string[]) => {
        await using table = await open().open();
        const wanted = new Map<string, string>();
        for (const batch of batches) {
          await table.put(batch);
          for (const [key, value] of batch) wanted.set(key, value);
        }
        const all = [...wanted.keys(), ...asked];
        const found = await table.get(all);
        expect(new Map(all.map((key) => [key, found.get(key)]))).toEqual(
          new Map(all.map((key) => [key, wanted.get(key)])),
        );
      };
      await fc.assert(fc.asyncProperty(fc.array(fc.array(entry)), names, same), { numRuns: 30 });
    });

    it('keeps tables apart', async () => {
      const scratch = open();
      await using one = await scratch.open();
      await using other = await scratch.open();
      await one.put([['a', '1']]);
      await other.put([['a', '2']]);
      expect(await one.get(['a'])).toEqual(new Map([['a', '1']]));
      expect(await other.get(['a', 'b'])).toEqual(new Map([['a', '2']]));
    });

    it('holds many, and long ones', async () => {
      await using table = await open().open();
      const value = 'ü'.repeat(100_000);
      const entries = Array.from({ length: 3_000 }, (_, index) => [`name-${index}`, `${index}`] as const);
      await table.put([...entries, ['long', value]]);
      const found = await table.get([...entries.map(([key]) => key), 'long']);
      expect(found).toEqual(new Map<string, string>([...entries, ['long', value]]));
    });
  });
}
