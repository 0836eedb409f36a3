import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GroupFinder } from './group-finder.js';
import { groupName, type GroupObjects } from './job-group.js';

const finder = (...objects: GroupObjects[]) =>
  new GroupFinder(objects.map((one, index) => ({ variables: { well: `A0${index + 1}` }, objects: [one] })));

describe('the group of an object', () => {
  it('is the one whose pattern or beginning it has', () => {
    const groups = finder('P1/A01_*.tif', 'P1/A02/**', { prefix: 'P1/[A03]' }, 'P1/{x,y}.tif', '**/late.csv');
    const names = ['P1/A01_s1.tif', 'P1/A02/deep/s.tif', 'P1/[A03]/s(1).tif', 'P1/y.tif', 'any/where/late.csv'];
    expect(names.map((name) => groups.find(name))).toEqual([1, 2, 3, 4, 5]);
    expect(groups.faults).toEqual([]);
  });

  it('is none where letter case, the folder or the rest differs', () => {
    const groups = finder('P1/A01_*.tif', { prefix: 'P1/A02/' });
    expect(['p1/A01_s1.tif', 'P1/A01_x/s1.tif', 'P1/A02', 'x', ''].map((name) => groups.find(name))).toEqual(
      Array(5).fill(undefined),
    );
  });

  it('is found like a look at every pattern would find it', () => {
    const part = fc.constantFrom('a', 'b', 'ab', 'A');
    const pattern = fc.oneof(
      part,
      part.map((text) => `${text}/*`),
      part.map((text) => `${text}*`),
      fc.constant('**/b'),
    );
    const name = fc.oneof(
      part,
      fc.tuple(part, part).map((parts) => parts.join('/')),
    );
    fc.assert(
      fc.property(fc.uniqueArray(pattern, { minLength: 1 }), name, (patterns, key) => {
        const alone = patterns.flatMap((one, index) => (finder(one).find(key) === undefined ? [] : [index + 1]));
        const groups = finder(...patterns);
        const found = groups.find(key);
        expect(found === undefined ? alone : alone.includes(found)).toEqual(found === undefined ? [] : true);
        expect(groups.faults.some((fault) => fault.startsWith('The object'))).toBe(alone.length > 1);
      }),
    );
  });

  it('names the groups that have no object, and those that share one, and counts the others', () => {
    const groups = finder('a*', '*b', 'c');
    groups.find('ab');
    expect(groups.faults).toEqual([
      'The object "ab" belongs to group 1 (well=A01) and to group 2 (well=A02).',
      'No object belongs to group 3 (well=A03), whose objects are "c".',
    ]);
    const many = finder(...Array.from({ length: 9 }, (_, index) => `${index}/`));
    expect(many.faults).toHaveLength(6);
    expect(many.faults.at(-1)).toBe('9 groups have no object in all.');
  });

  it('costs about the same however many groups there are', () => {
    const groups = new GroupFinder(
      Array.from({ length: 100_000 }, (_, number) => ({ variables: {}, objects: [`P/${number}_*`] })),
    );
    const begin = performance.now();
    for (let number = 0; number < 100_000; number += 97) expect(groups.find(`P/${number}_1`)).toBe(number + 1);
    expect(performance.now() - begin).toBeLessThan(5_000);
  });
});

describe('the name of a group', () => {
  it('is its number and its values, and never long', () => {
    expect(groupName({ number: 3, variables: { plate: 'P1', size: 2, list: [1] } })).toBe(
      'group 3 (plate=P1, size=2, list=[1])',
    );
    expect(groupName({ number: 1, variables: {} })).toBe('group 1');
    expect(groupName({ number: 1, variables: { text: 'x'.repeat(1_000) } }).length).toBeLessThan(120);
  });
});
