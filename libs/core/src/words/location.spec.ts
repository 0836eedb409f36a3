import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pathToFileURL } from 'node:url';
import {
  folderPath,
  formatLocation,
  isWithin,
  keyAt,
  parseLocation,
  pathBelow,
  relativeKey,
  sameLocation,
  storeKind,
} from './location.js';

const s3 = (bucket: string, prefix = '') => ({ bucket, prefix });
const folder = (path: string) => ({ bucket: pathToFileURL(path).href, prefix: '' });
const invalid = expect.objectContaining({ code: 'location-invalid' });

describe('a location as people write it', () => {
  it.each([
    ['s3://images', s3('images')],
    ['s3://images/', s3('images')],
    ['s3://images/run1', s3('images', 'run1/')],
    ['s3://images/run1/', s3('images', 'run1/')],
    ['s3://images/a b/#1/100%/ü☃/', s3('images', 'a b/#1/100%/ü☃/')],
    ['s3://images/100%2Fencoded', s3('images', '100%2Fencoded/')],
    ['s3://images//double', s3('images', '/double/')],
    ['s3://my.bucket-1/new\nline', s3('my.bucket-1', 'new\nline/')],
  ])('%j is in a bucket', (text, location) => {
    expect(parseLocation(text)).toEqual(location);
    expect(storeKind(parseLocation(text))).toBe('s3');
  });

  it.each([
    ['/data/images', '/data/images'],
    ['/data/images/', '/data/images'],
    ['/data/images///', '/data/images'],
    ['/', '/'],
    ['//', '/'],
    ['images', '/home/ann/images'],
    ['./images', '/home/ann/images'],
    ['../bob', '/home/bob'],
    ['.', '/home/ann'],
    ['/data/a b #1 100% ?x&y', '/data/a b #1 100% ?x&y'],
    ['/data/100%2Fencoded', '/data/100%2Fencoded'],
    ['/data/ü☃🚢', '/data/ü☃🚢'],
    ['/data/back\\slash', '/data/back\\slash'],
    ['file:///data/images', '/data/images'],
    ['file:///data/images/', '/data/images'],
    ['file:///data/a%20b%23', '/data/a b#'],
    ['file://localhost/data', '/data'],
    ['file:///', '/'],
    ['file:////', '/'],
    ['s3:images', '/home/ann/s3:images'],
  ])('%j is a folder', (text, path) => {
    const location = parseLocation(text, '/home/ann');
    expect(location).toEqual(folder(path));
    expect(folderPath(location)).toBe(path);
    expect(storeKind(location)).toBe('folder');
  });

  it.each([
    '',
    '  ',
    's3://',
    's3:///prefix',
    's3://Images/x',
    's3://im_ages',
    's3://ab',
    `s3://${'x'.repeat(64)}`,
    's3://-images',
    'gs://images/x',
    'https://example.org/x',
    'S3://images',
    's3:/images/x',
    'file://elsewhere/data',
    'file:///data/a%2Fb',
    'file:///data/100%',
    'file:///data/what?',
    'file:///data/run?1',
    'file:///data/plate#7',
  ])('%j is refused with a sentence that says what to write', (text) => {
    expect(() => parseLocation(text)).toThrow(invalid);
    expect(() => parseLocation(text)).toThrow(expect.objectContaining({ remedy: expect.stringMatching(/^Write /) }));
  });

  it('is understood again when it is shown', () => {
    const parts = fc.array(fc.string({ unit: 'grapheme', minLength: 1 }).filter((part) => !/[/\0]|^\.\.?$/.test(part)));
    fc.assert(
      fc.property(parts, fc.boolean(), (names, inBucket) => {
        const text = inBucket ? `s3://images/${names.join('/')}` : `/${names.join('/')}`;
        const location = parseLocation(text);
        expect(parseLocation(formatLocation(location), '/elsewhere')).toEqual(location);
        if (!inBucket) expect(formatLocation(location)).toBe(text);
      }),
    );
  });
});

describe('keys', () => {
  it('are named below the prefix, and found again', () => {
    const location = s3('images', 'run1/');
    expect(keyAt(location, 'a/b #1')).toBe('run1/a/b #1');
    expect(relativeKey(location, 'run1/a/b #1')).toBe('a/b #1');
    expect(relativeKey(location, 'run1/run1/a')).toBe('run1/a');
    expect(relativeKey(folder('/data'), 'a/b')).toBe('a/b');
  });

  it('that lie elsewhere stay as they are', () => {
    expect(relativeKey(s3('images', 'run1/'), 'run10/a')).toBe('run10/a');
  });
});

describe('one location below another', () => {
  it.each([
    [s3('images', 'a/b/'), s3('images', 'a/'), 'b/'],
    [s3('images', 'a/'), s3('images'), 'a/'],
    [s3('images', 'a/'), s3('images', 'a/'), ''],
    [folder('/data/x/y'), folder('/data'), 'x/y/'],
    [folder('/data'), folder('/data'), ''],
    [folder('/data'), folder('/'), 'data/'],
    [folder('/a b/#/ü'), folder('/a b'), '#/ü/'],
  ])('%j lies in %j', (inner, outer, path) => {
    expect(pathBelow(inner, outer)).toBe(path);
    expect(isWithin(inner, outer)).toBe(true);
    expect(sameLocation(inner, outer)).toBe(path === '');
    expect(sameLocation(outer, inner)).toBe(path === '');
  });

  it.each([
    [s3('images', 'a/'), s3('images', 'a/b/')],
    [s3('images', 'run10/'), s3('images', 'run1/')],
    [s3('images2'), s3('images')],
    [folder('/database'), folder('/data')],
    [folder('/'), folder('/data')],
    [s3('data'), folder('/data')],
    [folder('/data'), s3('data')],
  ])('%j does not lie in %j', (inner, outer) => {
    expect(pathBelow(inner, outer)).toBeUndefined();
    expect(isWithin(inner, outer)).toBe(false);
    expect(sameLocation(inner, outer)).toBe(false);
  });
});
