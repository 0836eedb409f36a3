import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { posix } from 'node:path';
import { isFolderMarker, refusalOfName } from './object-name.js';

describe('the name of an object', () => {
  it.each([
    'plain.txt',
    'with space.txt',
    ' leading and trailing ',
    '--W00001--P00001.tif',
    'hash#question?amp&percent%2F.txt',
    '$(touch pwned).txt',
    'back\\slash.txt',
    'new\nline.txt',
    'emoji-🔬.txt',
    '...',
    '.hidden/..file/x..',
    'a/b/c/d',
    'x'.repeat(255),
    `${'x'.repeat(250)}/`.repeat(13) + 'y',
  ])('may be %j', (name) => {
    expect(refusalOfName(name)).toBeUndefined();
  });

  it.each([
    ['', 'the prefix itself'],
    ['/absolute', 'absolute path'],
    ['a\0b', 'zero character'],
    ['a\uFFFDb', 'not valid UTF-8'],
    ['a//b', 'empty folder name'],
    ['a/', 'ends with a slash'],
    ['.', '"."'],
    ['..', '".."'],
    ['../outside', '".."'],
    ['a/../b', '".."'],
    ['a/./b', '"."'],
    ['x'.repeat(256), 'longer than 255 bytes'],
    ['ü'.repeat(128), 'longer than 255 bytes'],
    ['abc/'.repeat(900) + 'x', 'longer than 3500 bytes'],
  ])('may not be %j, and the refusal says why', (name, why) => {
    expect(refusalOfName(name)).toContain(why);
  });

  it('I7 F3 F5 F6: that is not refused is a file below the workspace, and no other name is the same file', () => {
    const names = fc.string({ unit: fc.constantFrom('a', '.', '/', '\\', ' ', 'ü'), maxLength: 12 });
    fc.assert(
      fc.property(names, (name) => {
        if (refusalOfName(name) !== undefined) return;
        expect(posix.join('/workspace', name)).toBe(`/workspace/${name}`);
      }),
    );
  });
});

describe('a folder marker', () => {
  it('is a key that ends with a slash', () => {
    const isMarker = (key: string, sizeBytes = 0) => isFolderMarker({ key, sizeBytes });
    expect(['a/', '/', 'a//'].map((key) => isMarker(key))).toEqual([true, true, true]);
    expect(['a', 'a/b', ''].map((key) => isMarker(key))).toEqual([false, false, false]);
    expect(isMarker('a/', 1)).toBe(false);
    expect(refusalOfName('a/')).toBe('its name ends with a slash, as that of a folder');
  });
});
