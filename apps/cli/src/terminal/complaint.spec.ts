import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import { complaint } from './complaint.js';

describe('what a command says that has failed', () => {
  it('keeps its lines, and lets no escape sequence of a name through', () => {
    const thrown = new LongshoreError('groups-unfit', 'Two groups have:\n  a\u001b]0;title\u0007\u202e.txt', {
      remedy: 'Mend them.',
    });
    expect(complaint(thrown)).toBe('longshore: Two groups have:\n  a\\x1b]0;title\\x07\\u202e.txt Mend them.\n');
    expect(complaint(new Error('a\u001b[2Jb'))).toMatch(/^longshore: a\\x1b\[2Jb/);
  });
});
