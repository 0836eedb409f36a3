import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aDoneRecord, anObject } from '../testing/builders.js';
import { groupDigest, readDoneRecord } from './done-record.js';
import { isOwnPlace, placeBelow, recordsFolder, recordsName } from './own-place.js';

describe('a line of what was done', () => {
  it('is read as it was written', () => {
    const record = aDoneRecord({ record: { count: 3 }, group: 'abc', key: 'in/\u2028 ☃\n"' });
    expect(readDoneRecord(JSON.stringify(record))).toEqual(record);
  });

  it('is ignored when anything of it is missing or of another kind', () => {
    const fields = Object.keys(aDoneRecord()) as (keyof ReturnType<typeof aDoneRecord>)[];
    const wrong = fc.constantFrom<unknown>(undefined, null, [], true, {});
    fc.assert(
      fc.property(fc.constantFrom(...fields), wrong, (field, value) => {
        fc.pre(!(field === 'params' && typeof value === 'object' && value !== null && !Array.isArray(value)));
        expect(readDoneRecord(JSON.stringify({ ...aDoneRecord(), [field]: value }))).toBeUndefined();
      }),
    );
  });

  it('F25: is ignored when it is cut anywhere, of another schema, or no JSON at all', () => {
    const line = JSON.stringify(aDoneRecord());
    fc.assert(fc.property(fc.nat(line.length - 1), (end) => readDoneRecord(line.slice(0, end)) === undefined));
    fc.assert(fc.property(fc.string(), (text) => readDoneRecord(text) === undefined));
    fc.assert(fc.property(fc.json(), (text) => readDoneRecord(text) === undefined));
    expect(readDoneRecord(line.replace('"schema":1', '"schema":2'))).toBeUndefined();
  });
});

describe('the digest of a group', () => {
  it('is the same in any order, and another when a member comes, goes or changes', () => {
    const [one, two, three] = [anObject('a'), anObject('b'), anObject('c')];
    expect(groupDigest([two, one])).toBe(groupDigest([one, two]));
    const others = [[one], [one, two, three], [one, { ...two, etag: 'new' }], [one, { ...two, key: 'd' }]];
    const digests = [[one, two], ...others].map((members) => groupDigest(members));
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('is another one when the command is told another value, in whatever order they stand', () => {
    const told = [undefined, { a: 1 }, { a: '1' }, { b: 1 }, { a: 1, b: 2 }];
    expect(new Set(told.map((variables) => groupDigest([anObject('a')], variables))).size).toBe(told.length);
    expect(groupDigest([], { a: 1, b: 2 })).toBe(groupDigest([], { b: 2, a: 1 }));
  });
});

describe('the place of the records', () => {
  it('is known at any depth, and nothing else is taken for it', () => {
    for (const key of [`${recordsFolder}x.jsonl`, `plate/7/${recordsFolder}x.jsonl`, '.longshore/other']) {
      expect([key, isOwnPlace(key)]).toEqual([key, true]);
    }
    for (const key of ['longshore/manifests/x', 'a.longshore/x', '.longshore', '.longshore-staging/x', 'a/b']) {
      expect([key, isOwnPlace(key)]).toEqual([key, false]);
    }
  });

  it('lies below a folder and below a prefix alike', () => {
    expect(placeBelow({ bucket: 'results', prefix: 'run 1/' }, recordsFolder)).toEqual({
      bucket: 'results',
      prefix: 'run 1/.longshore/manifests/',
    });
    expect(placeBelow({ bucket: 'file:///data/run%201', prefix: '' }, recordsFolder)).toEqual({
      bucket: 'file:///data/run%201/.longshore/manifests',
      prefix: '',
    });
  });

  it('holds files in the order of time', () => {
    const times = [0, 999, 1_000, Date.UTC(2026, 10, 21), Date.UTC(2026, 10, 22)];
    const names = times.map((createdAt) => recordsName({ id: 'job', createdAt }));
    expect(names.toSorted()).toEqual(names);
    expect(names[0]).toBe('.longshore/manifests/19700101T000000000Z-job.jsonl');
  });
});
