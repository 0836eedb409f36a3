import { describe, expect, it } from '@jest/globals';
import { judgeClocks } from './clock.js';

const theirs = Date.parse('2026-11-21T12:00:00Z');
/** An answer that took a second. */
const seen = (ours: number) => [{ whose: 'S3', theirs, asked: theirs + ours, answered: theirs + ours + 1_000 }];

describe('what doctor thinks of the clock', () => {
  it.each([
    ['the same', 0, 'clock-ok', /to the second/],
    ['a little ahead', 20_999, 'clock-ok', /20 s ahead/],
    ['far ahead', 40_999, 'clock-off', /40 s ahead of that of S3/],
    ['far behind', -61_000, 'clock-off', /60 s behind that of S3/],
  ])('%s', (_, ours, id, message) => {
    expect(judgeClocks(seen(ours))).toMatchObject([{ id, message: expect.stringMatching(message) }]);
  });

  it('blames no clock for a slow answer', () => {
    expect(judgeClocks([{ whose: 'S3', theirs, asked: theirs - 50_000, answered: theirs + 50_000 }])[0]?.id).toBe(
      'clock-ok',
    );
  });

  it('says of each clock how far ours is from it, and asks nothing where there is none', () => {
    expect(judgeClocks([...seen(0), ...seen(99_000)]).map(({ id }) => id)).toEqual(['clock-ok', 'clock-off']);
    expect(judgeClocks([])[0]?.state).toBe('not asked');
  });
});
