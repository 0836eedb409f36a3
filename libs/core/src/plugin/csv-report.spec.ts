import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvField, csvReport } from './csv-report.js';
import type { ObjectRecord } from './job-plugin.js';

async function report(columns: string[], ...records: [string, Record<string, unknown>][]): Promise<string> {
  async function* all(): AsyncIterable<ObjectRecord> {
    for (const [relativeKey, record] of records) yield { objectKey: `in/${relativeKey}`, relativeKey, record };
  }
  const { content } = await csvReport('counts.csv', columns, { records: all });
  let text = '';
  for await (const part of content) text += part;
  return text;
}

/** Reads as RFC 4180 says. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe('the report of a job', () => {
  it('has a header, and a row for each object that left a record', async () => {
    const text = await report(['count', 'mean'], ['a.tif', { count: 3, mean: 1.5 }], ['b.tif', { count: 0, mean: -1 }]);
    expect(text).toBe('file,count,mean\na.tif,3,1.5\nb.tif,0,-1\n');
  });

  it('is ordered by key, in whatever order the records come', async () => {
    const rows: [string, Record<string, unknown>][] = ['b', 'B', 'a/x', 'a', 'ä', 'a.x'].map((key) => [
      key,
      { n: key },
    ]);
    const text = await report(['n'], ...rows);
    expect(await report(['n'], ...rows.toReversed())).toBe(text);
    expect(readCsv(text).map(([key]) => key)).toEqual(['file', 'B', 'a', 'a.x', 'a/x', 'b', 'ä']);
  });

  it('holds only the header when nobody left a record', async () => {
    expect(await report(['count'])).toBe('file,count\n');
  });

  it('leaves a field empty that a record lacks, and out what is no column', async () => {
    const text = await report(['count', 'toString'], ['a', { extra: 1 }], ['b', { count: null }]);
    expect(text).toBe('file,count,toString\na,,\nb,,\n');
  });

  it('is read as it was written, whatever names and values are made of', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', 'ü', ';', '-') });
    const property = fc.asyncProperty(fc.uniqueArray(text, { minLength: 1 }), text, async (keys, value) => {
      const [header, ...rows] = readCsv(await report(['a "b", c', 'n'], ...keys.map(rowOf)));
      expect(header).toEqual(['file', 'a "b", c', 'n']);
      expect(rows).toEqual([...keys].sort().map((key) => [key, value, '7']));

      function rowOf(key: string): [string, Record<string, unknown>] {
        return [key, { 'a "b", c': value, n: 7 }];
      }
    });
    await fc.assert(property);
  });
});

describe('a field of a report', () => {
  it.each([
    ['=cmd|calc', "'=cmd|calc"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-1+cmd|calc!A0', "'-1+cmd|calc!A0"],
    ['\t=1', "'\t=1"],
    ['--W00001--P00001.tif', '--W00001--P00001.tif'],
    ['-5', '-5'],
  ])('S38: that a spreadsheet would run, %j, is text: %j', (value, written) => {
    expect(csvField(value)).toBe(written);
  });

  it.each<[unknown, string]>([
    ['plain text', 'plain text'],
    ['', ''],
    [' spaced ', ' spaced '],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['a\rb', '"a\rb"'],
    [12.5, '12.5'],
    [0, '0'],
    [1e21, '1e+21'],
    [true, 'true'],
    [false, 'false'],
    [null, ''],
    [undefined, ''],
    [[1, 'two'], '"[1,""two""]"'],
    [{ a: 1 }, '"{""a"":1}"'],
    [[], '[]'],
  ])('that is %j is written %j', (value, written) => {
    expect(csvField(value)).toBe(written);
  });
});
