import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { catalogue } from './catalogue.js';
import { finding, type Finding } from './finding.js';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/doctor.md'), 'utf8');

/** State and remedy of each finding, as its row has them. */
const rows = new Map(
  [...page.matchAll(/^\| `([a-z-]+)` +\| ([a-z ]+?) +\| (.+?) +\| (.*?) *\|$/gm)].map(
    ([, id = '', state, meaning, remedy]) => [id, { state, meaning, remedy }],
  ),
);

describe('the page about doctor', () => {
  it('explains every finding there is, and no other', () => {
    expect([...rows.keys()].sort()).toEqual(Object.keys(catalogue).sort());
  });

  it.each(Object.entries<Pick<Finding, 'state' | 'remedy'>>(catalogue))('says of %s what doctor says', (id, entry) => {
    expect(rows.get(id)).toMatchObject({ state: entry.state, remedy: entry.remedy ?? '' });
  });
});

describe('a finding', () => {
  it.each(Object.entries<Pick<Finding, 'state' | 'remedy'>>(catalogue))(
    '%s has a remedy unless all is well',
    (_, entry) => {
      expect(entry.remedy !== undefined).toBe(entry.state === 'warning' || entry.state === 'failed');
    },
  );

  it('fills names into its remedy', () => {
    expect(finding('image-denied', 'image', 'x', { image: 'y:1' }).remedy).toContain('"docker pull y:1"');
  });
});
