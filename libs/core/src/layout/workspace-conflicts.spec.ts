import { describe, expect, it } from '@jest/globals';
import { anObject } from '../testing/builders.js';
import { createConflictTest } from './workspace-conflicts.js';

const conflict = (names: string[], next: string) =>
  createConflictTest(({ key }) => key)(
    names.map((name) => anObject(name)),
    anObject(next),
  );

describe('objects of one workspace', () => {
  it.each([
    [['a'], 'a/b'],
    [['a'], 'a/b/c/d'],
    [['x', 'a/b', 'y'], 'a/b/c'],
    [['a/b'], 'a'],
    [['a/b/c/d'], 'a/b'],
  ])('%j leave no room for %j', (names, next) => {
    expect(conflict(names, next)).toBe(true);
  });

  it.each([
    [[], 'a'],
    [['a'], 'b'],
    [['a'], 'ab/c'],
    [['a.txt'], 'a/b'],
    [['a/b'], 'a/c'],
    [['a/b'], 'a/bc/d'],
    [['b/a'], 'a/b'],
  ])('%j leave room for %j', (names, next) => {
    expect(conflict(names, next)).toBe(false);
  });

  it('are compared by the name they are given, such as the key below the prefix', () => {
    const test = createConflictTest(({ key }) => key.slice(3));
    expect(test([anObject('in/a')], anObject('in/a/b'))).toBe(true);
    expect(test([anObject('in/x')], anObject('in/in'))).toBe(false);
  });

  it('are remembered while a batch grows, and forgotten when another is asked about', () => {
    const test = createConflictTest(({ key }) => key);
    const batch = [anObject('a')];
    expect(test(batch, anObject('b/c'))).toBe(false);
    batch.push(anObject('b'));
    expect(test(batch, anObject('b/c'))).toBe(true);
    expect(test([anObject('c')], anObject('b/c'))).toBe(false);
    expect(test(batch, anObject('a/x'))).toBe(true);
  });

  it('have no room in a folder from when its name is taken', () => {
    const test = createConflictTest(({ key }) => key);
    const group = [anObject('x')];
    expect(test(group, anObject('a/b/c'))).toBe(false);
    group.push(anObject('a'), anObject('a/b/c'));
    expect(test(group, anObject('a/b/d'))).toBe(true);
    expect(test(group, anObject('x/y'))).toBe(true);
  });
});
