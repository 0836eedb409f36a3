import { describe, expect, it } from '@jest/globals';
import { median, ratio, rounded } from './numbers.mjs';

describe('the arithmetic of the bench', () => {
  it('takes the middle value, and between two the mean of them', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 2, 4, 100])).toBe(7);
    expect(median([])).toBeNull();
  });

  it('says with a ratio above 1 that we are better, whether more or less is', () => {
    expect(ratio('more', [200], [100])).toBe(2);
    expect(ratio('less', [200], [100])).toBe(0.5);
  });

  it('compares round by round, so that a round in which the machine was busy disturbs nothing', () => {
    expect(ratio('more', [200, 20, 200], [100, 10, 100])).toBe(2);
    // The medians alone would say 10.
    expect(ratio('more', [200, 200, 20], [100, 20, 10])).toBe(2);
  });

  it('has no ratio to something that took nothing', () => {
    expect(ratio('more', [5], [0])).toBeNull();
    expect(rounded(null)).toBeNull();
  });

  it('keeps six digits', () => {
    expect(rounded(123.456789)).toBe(123.457);
    expect(rounded(0.000123456789)).toBe(0.000123457);
  });
});
