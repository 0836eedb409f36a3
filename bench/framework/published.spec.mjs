import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { publish, withFigures } from './published.mjs';
import { newRow } from './rows.mjs';

const machine = { processor: '2 x fast', node: 'v24' };
const result = (name, value, versions = {}) => ({
  ...{ name, summary: `what ${name} costs`, versions },
  rows: [newRow({ suite: name, subject: 'longshore', metric: 'tasks', unit: 'tasks/s', runs: [value] })],
});

describe('the page with the figures', () => {
  let docs;
  const read = (name) => readFile(path.join(docs, name), 'utf8');

  beforeEach(async () => {
    docs = await mkdtemp(path.join(tmpdir(), 'longshore-published-'));
    await writeFile(path.join(docs, 'performance.md'), '# Head\n\n<!-- bench -->\n\nold\n\n<!-- /bench -->\n\nTail\n');
  });
  afterEach(() => rm(docs, { recursive: true }));

  it('shows each suite with its figures, date, machine and peers between the marks, and keeps the rest', async () => {
    await publish([result('scan', 60_000, { redis: '7.0' })], { machine, date: '2026-11-21', docs });
    const page = await read('performance.md');
    expect(page).toMatch(/^# Head\n\n<!-- bench -->\n\n### scan\n\nWhat scan costs\.\n\n\| subject/);
    expect(page).toMatch(/\| longshore \| tasks +\| 60,000 tasks\/s \|/);
    expect(page).toMatch(/\n2026-11-21; 2 x fast; v24; redis 7\.0\.\n\n<!-- \/bench -->\n\nTail\n$/);
    expect(page).not.toContain('old');
  });

  it('keeps the figures of suites that were not run this time', async () => {
    await publish([result('scan', 1), result('dispatch', 2)], { machine, date: '2026-11-21', docs });
    await publish([result('dispatch', 3)], { machine, date: '2026-11-22', docs });
    const kept = JSON.parse(await read('performance.json'));
    expect(Object.keys(kept)).toEqual(['dispatch', 'scan']);
    expect([kept.dispatch.date, kept.dispatch.rows[0].median]).toEqual(['2026-11-22', 3]);
    expect([kept.scan.date, kept.scan.rows[0].median]).toEqual(['2026-11-21', 1]);
  });

  it('says when the page has lost its marks', () => {
    expect(() => withFigures('# Head', {})).toThrow('lost its marks');
  });
});
