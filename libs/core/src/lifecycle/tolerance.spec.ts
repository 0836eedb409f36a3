import { describe, expect, it } from '@jest/globals';
import { readPercent, toleratedObjects } from './tolerance.js';

describe('the dead objects a job tolerates', () => {
  it('are a count, or a share of all objects rounded down', () => {
    expect(toleratedObjects(3, 10)).toBe(3);
    expect(toleratedObjects('2%', 100)).toBe(2);
    expect(toleratedObjects('2%', 99)).toBe(1);
    expect(toleratedObjects('0.5%', 1_000)).toBe(5);
    expect(toleratedObjects('29%', 100)).toBe(29);
    expect(toleratedObjects('100%', 7)).toBe(7);
  });

  it.each(['2', '-1%', '101%', '%', '1e2%', ' 2%'])('are not "%s"', (text) => {
    expect(() => readPercent(text)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });
});
