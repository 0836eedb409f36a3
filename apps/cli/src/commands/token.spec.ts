import { describe, expect, it } from '@jest/globals';
import { seconds } from './token.js';

describe('the end of a token', () => {
  it.each([
    ['90s', 90],
    ['30m', 1_800],
    ['12h', 43_200],
    ['90d', 7_776_000],
  ])('%s is in %s seconds', (text, expected) => {
    expect(seconds(text)).toBe(expected);
  });

  it.each(['', '30', 'm', '0h', '-1h', '1.5h', '1w', '1h30m'])('is not "%s"', (text) => {
    expect(() => seconds(text)).toThrow();
  });
});
