/** What listing promises. */
import { describe, expect, it } from '@jest/globals';
import { byBytes, type ObjectStoreTrial } from './subject.js';

export function listingContract(trial: () => ObjectStoreTrial): void {
  describe('listing', () => {
    it('gives every key unchanged, in the order of its bytes, with its size', async () => {
      const { names } = trial();
      await trial().putAll(names, (name) => name);
      const sorted = [...names].sort(byBytes);
      const found = await trial().list();
      expect(found.map(({ key }) => key)).toEqual(sorted.map((name) => trial().keyOf(name)));
      expect(found.map(({ sizeBytes }) => sizeBytes)).toEqual(sorted.map((name) => Buffer.byteLength(name)));
    });

    it('does not order as JavaScript compares strings', async () => {
      const names = ['\ue000', '\uff21/a', '\uff21b', '\u{1f52c}/a', '\u{1f52d}'];
      await trial().putAll(names.toReversed(), (name) => name);
      expect(await trial().listNames()).toEqual(names);
    });

    it('orders a folder among files as its keys say', async () => {
      const names = ['a-b', 'a.txt', 'a/x', 'a/y.txt', 'a/y/z', 'a0', 'b/c'];
      await trial().putAll(names.toReversed(), () => 'x');
      expect(await trial().listNames()).toEqual(names);
    });

    it('starts after any key', async () => {
      const sorted = [...trial().names].sort(byBytes);
      await trial().putAll(sorted, () => '');
      for (const [index, name] of sorted.entries()) {
        expect(await trial().listNames(name)).toEqual(sorted.slice(index + 1));
      }
    });

    it.each(['0', 'a', 'a/', 'a/x', 'a/y', 'a/y/15', 'a/zzz', 'a0', 'b', 'c/dd', 'zzz', '\u{1f52c}'])(
      'starts after "%s", which need not be there any more',
      async (after) => {
        const names = ['a/x', 'a/y/1', 'a/y/2', 'a0', 'b', 'c/d', 'c/e', '\uff21'];
        await trial().putAll(names, () => 'x');
        if (names.includes(after)) await trial().subject.remove(after);
        expect(await trial().listNames(after)).toEqual(names.filter((name) => byBytes(name, after) > 0));
      },
    );

    it('comes in pages of at most a thousand, and goes on after any of them', async () => {
      const names = Array.from({ length: 1_205 }, (_, number) => `${number % 7}/${number}`).sort(byBytes);
      await trial().putAll(names, () => '');
      const [first = [], ...others] = await trial().pages();
      expect(others.length).toBeGreaterThan(0);
      for (const page of [first, ...others]) expect([page.length > 0, page.length <= 1_000]).toEqual([true, true]);
      expect([first, ...others].flat().map(({ key }) => key)).toEqual(names.map((name) => trial().keyOf(name)));
      const after = first.at(-1)?.key ?? '';
      expect((await trial().pages({ after })).flat()).toEqual(others.flat());
    });

    it('gives no page where nothing is', async () => {
      expect(await trial().pages()).toEqual([]);
      await trial().put('one', 'x');
      expect(await trial().pages({ after: trial().keyOf('one') })).toEqual([]);
    });

    it('says that a location does not exist', async () => {
      const { store, missing } = trial().subject;
      await expect(Array.fromAsync(store.list(missing))).rejects.toMatchObject({ code: 'location-not-found' });
    });

    it('stops with the reason of an aborted signal, before the first page and after it', async () => {
      await trial().putAll(
        Array.from({ length: 1_001 }, (_, number) => `${number}`),
        () => '',
      );
      const reason = new Error('enough');
      await expect(trial().pages({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const control = new AbortController();
      const listing = trial().store.list(trial().location, { signal: control.signal })[Symbol.asyncIterator]();
      expect((await listing.next()).done).toBe(false);
      control.abort(reason);
      await expect(listing.next()).rejects.toBe(reason);
    });
  });
}
