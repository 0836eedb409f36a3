import { describe, expect, it } from '@jest/globals';
import { SeededChance } from '@longshore/core/testing';
import fc from 'fast-check';
import { compareKeys } from '@longshore/core';
import { ListedKeys } from '../testing/listed-keys.js';
import { RangedListing, type RangedOptions } from './ranged-listing.js';

const disorder = () => new Error('not in order');

/** Whoever lists does not wait gladly, so that ranges are cut whatever the time. */
function listing(store: ListedKeys, more: Partial<RangedOptions> = {}): AsyncGenerator<{ key: string }[]> {
  return new RangedListing({ prefix: '', ask: store.ask, disorder, patienceMs: 0, ...more }).pages();
}

async function keysOf(pages: AsyncIterable<{ key: string }[]>): Promise<string[]> {
  const found: string[] = [];
  for await (const page of pages) found.push(...page.map(({ key }) => key));
  return found;
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, number) => `n/${String(number).padStart(6, '0')}`);

describe('a listing in ranges of keys', () => {
  const odd = fc.string({
    unit: fc.constantFrom('a', 'b', '/', '0', '9', '+', '%', '&', '\0', '\n', '\x7f', 'é', '\uffff', '\u{1f52c}'),
    maxLength: 8,
  });
  const nested = fc
    .tuple(fc.constantFrom('plate-1/', 'plate-10/', 'q/', ''), fc.nat(5_000))
    .map(([folder, number]) => folder + number);
  const sets = fc.oneof(
    fc.array(odd, { size: 'max', maxLength: 120 }),
    fc.array(nested, { size: 'max', maxLength: 200 }),
    fc.nat(200).map(numbered),
    fc.array(
      fc.tuple(odd, fc.nat(40)).map(([key, length]) => key + 'x'.repeat(length)),
      { size: 'max', maxLength: 120 },
    ),
  );

  it('I7: gives every key once and in order, whatever the keys are, where it begins, and which request comes back first', async () => {
    await fc.assert(
      fc.asyncProperty(
        sets,
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        odd,
        fc.boolean(),
        async (keys, size, seed, start, isPart) => {
          const chance = new SeededChance(seed);
          const store = new ListedKeys(keys, size, () => Math.floor(chance.fraction() * 5));
          const after = isPart ? (store.keys[seed % (store.keys.length + 1)] ?? start) : undefined;
          const found = await keysOf(listing(store, after === undefined ? {} : { after }));
          expect(found).toEqual(store.keys.filter((key) => after === undefined || compareKeys(key, after) > 0));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('asks for several at the same time where the store is waited for', async () => {
    const store = new ListedKeys(numbered(2_000), 10, () => 20);
    expect(await keysOf(listing(store))).toEqual(store.keys);
    expect(store.mostAtOnce).toBeGreaterThan(10);
    expect(store.asked).toBeLessThan(350);
  });

  it('asks once for what is one page, and no more than it has to for a few', async () => {
    for (const [count, most] of [
      [0, 1],
      [10, 1],
      [30, 3],
    ] as const) {
      const store = new ListedKeys(numbered(count), 10);
      await keysOf(listing(store));
      expect(store.asked).toBe(most);
    }
  });

  it('asks for one page after the other where it is the taker that is waited for', async () => {
    const store = new ListedKeys(numbered(500), 10);
    const found: string[] = [];
    for await (const page of listing(store, { patienceMs: Infinity })) found.push(...page.map(({ key }) => key));
    expect(found).toEqual(store.keys);
    expect([store.asked, store.mostAtOnce]).toEqual([50, 1]);
  });

  it('does not run away from a slow taker', async () => {
    const store = new ListedKeys(numbered(20_000), 10, () => 3);
    const pages = listing(store, { mostAsked: 8, mostAhead: 24 });
    for (let taken = 0; taken < 40; taken += 1) await pages.next();
    const askedBefore = store.asked;
    for (let turn = 0; turn < 500; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const askedThen = store.asked;
    for (let turn = 0; turn < 500; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(store.asked).toBe(askedThen);
    expect(askedThen - askedBefore).toBeLessThanOrEqual(24);
    await pages.return(undefined);
  });

  it('goes as far as it came before it fails', async () => {
    const store = new ListedKeys(
      numbered(600),
      10,
      () => 4,
      (page) => {
        if (page.objects.count > 0 && page.objects.key(0) > 'n/000300') throw new Error('refused');
        return page;
      },
    );
    const found: string[] = [];
    const all = async () => {
      for await (const page of listing(store)) found.push(...page.map(({ key }) => key));
    };
    await expect(all()).rejects.toThrow('refused');
    expect(found).toEqual(store.keys.slice(0, found.length));
    expect(found.length).toBeGreaterThan(200);
    const rest = new ListedKeys(store.keys, 10, () => 4);
    expect([...found, ...(await keysOf(listing(rest, { after: found.at(-1)! })))]).toEqual(store.keys);
  });

  it('ends with the reason of an aborted signal, and asks no more', async () => {
    const stop = new AbortController();
    const store = new ListedKeys(numbered(2_000), 10, () => 3);
    const pages = listing(store, { signal: stop.signal });
    for (let taken = 0; taken < 20; taken += 1) await pages.next();
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(pages.next()).rejects.toBe(reason);
    const { asked } = store;
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(store.asked).toBe(asked);
  });

  it('F13: asks for less at the same time where the store asks for patience', async () => {
    const slow = new ListedKeys(
      numbered(2_000),
      10,
      () => 20,
      (page) => ({ ...page, wasSlowed: true }),
    );
    expect(await keysOf(listing(slow))).toEqual(slow.keys);
    expect(slow.mostAtOnce).toBeLessThanOrEqual(4);
  });

  it('cuts nothing in a store that lists in no order, and says so', async () => {
    const said: string[] = [];
    const store = new ListedKeys(numbered(300), 10, () => 5);
    store.keys.reverse();
    const reversed = [...store.keys];
    const found = await keysOf(listing(store, { disorder: () => (said.push('said'), disorder()) }));
    expect([found, store.mostAtOnce]).toEqual([reversed, 1]);
    expect(said).toEqual(['said']);
  });

  it('fails rather than lose a key where the order ends in the middle', async () => {
    const store = new ListedKeys(numbered(2_000), 10, () => 5);
    store.keys.push(...store.keys.splice(500, 500));
    await expect(keysOf(listing(store))).rejects.toThrow('not in order');
  });
});
