import { describe, expect, it } from '@jest/globals';
import { attemptTrace, childTrace, idsIn, isTraced, readTrace, taskTrace } from './trace-context.js';

describe('the context of a span', () => {
  it('is of one trace for all attempts of a task, and the same whoever works it out', () => {
    const contexts = [taskTrace('t'), attemptTrace('t', 1), attemptTrace('t', 2), childTrace(attemptTrace('t', 2))];
    expect(new Set(contexts.map((one) => idsIn(one).traceId)).size).toBe(1);
    expect(new Set(contexts.map((one) => idsIn(one).spanId)).size).toBe(4);
    expect(attemptTrace('t', 2)).toBe(attemptTrace('t', 2));
    expect(idsIn(taskTrace('other')).traceId).not.toBe(idsIn(taskTrace('t')).traceId);
    for (const context of contexts) expect(readTrace(context)).toBe(context);
  });

  it.each([
    undefined,
    7,
    '',
    'nonsense',
    `01-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    `00-${'A'.repeat(32)}-${'b'.repeat(16)}-01`,
    `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
    `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`,
    `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`,
    `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01\n`,
  ])('is not taken from %j', (text) => {
    expect(readTrace(text)).toBeUndefined();
  });

  it('is recorded for about the share that is asked for, and always the same tasks', () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => `task-${index}`);
    const count = (share: number) => ids.filter((id) => isTraced(id, share)).length;
    expect([count(0), count(1)]).toEqual([0, 2_000]);
    expect(Math.abs(count(0.1) - 200)).toBeLessThan(60);
    expect(ids.filter((id) => isTraced(id, 0.1) && !isTraced(id, 0.2))).toEqual([]);
  });
});
