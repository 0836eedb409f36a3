import { describe, expect, it } from '@jest/globals';
import type { Worker } from '@longshore/core';
import { isHeardLately } from './heard-lately.js';

describe('a worker that was heard of', () => {
  const worker = { lastSeenAt: 10_000 } as Worker;

  it('is heard of lately for a second', () => {
    expect([10_000, 10_999, 11_000].map((now) => isHeardLately(worker, now))).toEqual([true, true, false]);
  });

  it('is noted again where the clock has gone back', () => {
    expect(isHeardLately(worker, 9_999)).toBe(false);
  });
});
