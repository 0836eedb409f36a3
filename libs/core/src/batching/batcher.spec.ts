import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createConflictTest } from '../layout/workspace-conflicts.js';
import { anObject, someObjects } from '../testing/builders.js';
import type { ObjectRef } from '../words/object-ref.js';
import { createBatcher, type Batch, type BatcherOptions, type ListingPoint } from './batcher.js';

/** Everything a batcher gives back for a listing, and where it might have been taken up again after each object. */
function cut(objects: readonly ObjectRef[], options: BatcherOptions, first = 0) {
  const batcher = createBatcher(options);
  const batches: Batch[] = [];
  const points: { given: number; settled: ListingPoint | undefined }[] = [];
  for (const [index, object] of objects.entries()) {
    batches.push(...batcher.add(object, first + index));
    points.push({ given: batches.length, settled: batcher.settled });
  }
  batches.push(...batcher.flush());
  return { batches, points, settled: batcher.settled };
}

const keysOf = (batches: readonly Batch[]) => batches.map(({ objects }) => objects.map(({ key }) => key));

const sized = (...sizes: number[]) =>
  sizes.map((sizeBytes, index) => anObject(`in/object-${String(index).padStart(6, '0')}`, { sizeBytes }));

/** A listing: keys in order, some of them folders of others. */
const listings: fc.Arbitrary<ObjectRef[]> = fc
  .uniqueArray(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')))
  .chain((keys) => fc.tuple(fc.constant(keys.sort()), fc.infiniteStream(fc.nat(100))))
  .map(([keys, sizes]) => keys.map((key) => anObject(key, { sizeBytes: sizes.next().value })));

const rules = fc.record(
  { maxObjects: fc.integer({ min: 1, max: 6 }), maxBytes: fc.integer({ min: 1, max: 250 }) },
  { requiredKeys: ['maxObjects'] },
);

describe('a batcher', () => {
  it('fills one batch after the other', () => {
    const { batches } = cut(someObjects(7), { rule: { maxObjects: 3 } });
    expect(batches.map(({ position, objects }) => [position, objects.length])).toEqual([
      [0, 3],
      [3, 3],
      [6, 1],
    ]);
  });

  it('gives a batch back as soon as it is full, so that work can begin', () => {
    const batcher = createBatcher({ rule: { maxObjects: 2 } });
    const [one, two] = someObjects(2) as [ObjectRef, ObjectRef];
    expect(batcher.add(one, 0)).toEqual([]);
    expect(batcher.add(two, 1)).toEqual([{ position: 0, objects: [one, two] }]);
    expect(batcher.flush()).toEqual([]);
  });

  it('closes a batch before it holds too many bytes', () => {
    const { batches } = cut(sized(40, 40, 40, 60, 1), { rule: { maxObjects: 10, maxBytes: 100 } });
    expect(batches.map(({ objects }) => objects.map(({ sizeBytes }) => sizeBytes))).toEqual([[40, 40], [40, 60], [1]]);
  });

  it('gives an object that is too large a batch of its own', () => {
    const { batches } = cut(sized(10, 500, 10), { rule: { maxObjects: 10, maxBytes: 100 } });
    expect(batches.map(({ objects }) => objects.length)).toEqual([1, 1, 1]);
  });

  it('has nothing to give for an empty listing', () => {
    expect(cut([], { rule: { maxObjects: 3 } })).toEqual({ batches: [], points: [], settled: undefined });
    expect(cut([], { rule: { maxObjects: 3 }, groupOf: () => 'all' }).batches).toEqual([]);
  });

  it('counts positions in the listing, whatever was left out of it', () => {
    const batcher = createBatcher({ rule: { maxObjects: 2 } });
    const given = someObjects(3).flatMap((object, index) => batcher.add(object, index * 10 + 7));
    expect([...given, ...batcher.flush()].map(({ position }) => position)).toEqual([7, 27]);
    expect(batcher.settled).toEqual({ key: 'in/object-000002', position: 27 });
  });

  it('puts every object into exactly one batch, in order, within the limits, without conflicts', () => {
    fc.assert(
      fc.property(listings, rules, (objects, rule) => {
        const { batches } = cut(objects, { rule, conflicts: createConflictTest(({ key }) => key) });
        expect(batches.flatMap((batch) => batch.objects)).toEqual(objects);
        for (const { position, objects: together } of batches) {
          expect(together[0]).toBe(objects[position]);
          expect(together.length).toBeLessThanOrEqual(rule.maxObjects);
          expectWithinBytes(together, rule.maxBytes);
          expect(conflicting(together)).toEqual([]);
        }
      }),
    );
  });

  it('names a point from which a listing can be taken up again: what comes after it makes the same batches', () => {
    fc.assert(
      fc.property(listings, rules, (objects, rule) => {
        const options = () => ({ rule, conflicts: createConflictTest(({ key }: ObjectRef) => key) });
        const { batches, points } = cut(objects, options());
        for (const { given, settled } of points) {
          const done = batches.slice(0, given);
          const last = done.at(-1)?.objects.at(-1);
          expect(settled?.key).toBe(last?.key);
          const from = settled === undefined ? 0 : settled.position + 1;
          const again = cut(objects.slice(from), options(), from);
          expect([...done, ...again.batches]).toEqual(batches);
        }
      }),
    );
  });
});

describe('a batcher of groups', () => {
  const byFirst = ({ key }: ObjectRef) => key.split('/')[0] ?? '';
  const byLast = ({ key }: ObjectRef) => key.split('/').at(-1) ?? '';

  it('keeps a group together that is spread over the listing', () => {
    const objects = ['a1', 'b1', 'a2', 'b2'].map((key) => anObject(key));
    const { batches } = cut(objects, { rule: { maxObjects: 2 }, groupOf: ({ key }) => key.charAt(0) });
    expect(keysOf(batches)).toEqual([
      ['a1', 'a2'],
      ['b1', 'b2'],
    ]);
  });

  it('lets whole groups share a batch while they fit', () => {
    const objects = ['a1', 'a2', 'b1', 'c1', 'c2', 'c3'].map((key) => anObject(key));
    const { batches } = cut(objects, { rule: { maxObjects: 4 }, groupOf: ({ key }) => key.charAt(0) });
    expect(keysOf(batches)).toEqual([
      ['a1', 'a2', 'b1'],
      ['c1', 'c2', 'c3'],
    ]);
  });

  it('leaves a group whole that is larger than a batch may be', () => {
    const { batches } = cut(someObjects(5), { rule: { maxObjects: 2, maxBytes: 100 }, groupOf: () => 'all' });
    expect(batches.map(({ objects }) => objects.length)).toEqual([5]);
  });

  it('gives nothing back before the end of the listing, and knows no point before it', () => {
    const { points, settled } = cut(someObjects(5), { rule: { maxObjects: 1 }, groupOf: byFirst });
    expect(points.every(({ given, settled: point }) => given === 0 && point === undefined)).toBe(true);
    expect(settled).toEqual({ key: 'in/object-000004', position: 4 });
  });

  it('does not put groups together that cannot lie in one workspace, in whatever order they come', () => {
    const conflicts = createConflictTest(({ key }) => key);
    const options = { rule: { maxObjects: 10 }, groupOf: ({ etag }: ObjectRef) => etag, conflicts };
    const objects = [
      anObject('a', { etag: 'late' }),
      anObject('a/b', { etag: 'file' }),
      anObject('b', { etag: 'late' }),
      anObject('c', { etag: 'file' }),
    ];
    expect(keysOf(cut(objects, options).batches)).toEqual([
      ['a', 'b'],
      ['a/b', 'c'],
    ]);
    const folderFirst = [
      anObject('0', { etag: 'folder' }),
      anObject('a', { etag: 'file' }),
      anObject('a/b', { etag: 'folder' }),
    ];
    expect(keysOf(cut(folderFirst, options).batches)).toEqual([['0', 'a/b'], ['a']]);
  });

  it('puts every object into exactly one batch, groups whole, within the limits, without conflicts between groups', () => {
    fc.assert(
      fc.property(listings, rules, fc.constantFrom(byFirst, byLast), (objects, rule, groupOf) => {
        const { batches } = cut(objects, { rule, groupOf, conflicts: createConflictTest(({ key }) => key) });
        expect(keysOf(batches).flat().sort()).toEqual(objects.map(({ key }) => key));
        const homes = new Map<string, Set<number>>();
        for (const [index, { objects: together }] of batches.entries()) {
          for (const object of together) {
            const group = groupOf(object);
            homes.set(group, (homes.get(group) ?? new Set()).add(index));
          }
          if (new Set(together.map(groupOf)).size === 1) continue;
          expect(together.length).toBeLessThanOrEqual(rule.maxObjects);
          expectWithinBytes(together, rule.maxBytes);
          const between = conflicting(together).filter(([one, other]) => groupOf(one) !== groupOf(other));
          expect(between).toEqual([]);
        }
        expect([...homes.values()].every(({ size }) => size === 1)).toBe(true);
      }),
    );
  });

  it('orders batches by the first object of each', () => {
    fc.assert(
      fc.property(listings, rules, (objects, rule) => {
        const { batches } = cut(objects, { rule, groupOf: byLast });
        const positions = batches.map(({ position }) => position);
        expect(positions).toEqual([...positions].sort((one, other) => one - other));
        for (const {
          position,
          objects: [first],
        } of batches)
          expect(objects[position]).toBe(first);
      }),
    );
  });
});

function expectWithinBytes(objects: readonly ObjectRef[], maxBytes: number | undefined): void {
  const bytes = objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (objects.length > 1) expect(bytes).toBeLessThanOrEqual(maxBytes ?? Infinity);
}

/** The pairs of which one would have to be a file and a folder at once. */
function conflicting(objects: readonly ObjectRef[]): [ObjectRef, ObjectRef][] {
  return objects.flatMap((one) =>
    objects.filter(({ key }) => key.startsWith(`${one.key}/`)).map((other): [ObjectRef, ObjectRef] => [one, other]),
  );
}
