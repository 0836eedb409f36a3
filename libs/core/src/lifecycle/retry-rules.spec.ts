import { describe, expect, it } from '@jest/globals';
import { failure } from '../words/failure.js';
import { judge, reasonCode, type RetryRule } from './retry-rules.js';

const exit = (exitCode: number) => failure('command-failed', 'It ended.', { exitCode });
const oom = failure('out-of-memory', 'It needed more.', { exitCode: 137 });
const rules: RetryRule[] = [
  { on: { exit: 75 }, then: 'retry' },
  { on: { reason: 'oom' }, then: 'fail' },
  { on: { exit: [64, 65], reason: 'command-failed' }, then: 'fail' },
];

describe('what the end of an attempt costs', () => {
  it('is decided by its class where no rule speaks', () => {
    expect(judge(exit(1))).toBe('attempt');
    expect(judge(oom)).toBe('attempt');
    expect(judge(failure('lease-expired', 'Gone.'))).toBe('loss');
    expect(judge(failure('access-denied', 'No.'))).toBe('pause');
  });

  it('is decided by the first rule that matches', () => {
    expect(judge(exit(75), rules)).toBe('loss');
    expect(judge(oom, rules)).toBe('final');
    expect(judge(exit(65), rules)).toBe('final');
    expect(judge(exit(66), rules)).toBe('attempt');
  });

  it('needs every condition of a rule, and a rule without one matches nothing', () => {
    const both: RetryRule = { on: { exit: 137, reason: 'timeout' }, then: 'fail' };
    expect(judge(oom, [both])).toBe('attempt');
    expect(judge(exit(1), [{ on: {}, then: 'fail' }])).toBe('attempt');
  });

  it('may be a last word on a fault of the configuration too', () => {
    expect(judge(failure('access-denied', 'No.'), [{ on: { reason: 'access-denied' }, then: 'fail' }])).toBe('final');
  });
});

describe('a reason', () => {
  it('is an error code or one of the short names', () => {
    expect(['oom', 'timeout', 'timed-out', 'toString', 'nonsense'].map(reasonCode)).toEqual([
      'out-of-memory',
      'timed-out',
      'timed-out',
      undefined,
      undefined,
    ]);
  });
});
