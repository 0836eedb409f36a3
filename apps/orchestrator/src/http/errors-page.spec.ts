import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { errorCodes, type ErrorCode } from '@longshore/core';
import { statusOf } from './problem-filter.js';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/errors.md'), 'utf8');
const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (\w+) +\| (\d*) +\|([^|]+)\|([^|]+)\|$/gm)];
const byDefault: Partial<Record<ErrorCode, number>> = { 'internal-error': 500 };

describe('docs/errors.md', () => {
  it('has a row for every code, once, and for no other', () => {
    expect(rows.map(([, code]) => code).sort()).toEqual(Object.keys(errorCodes).sort());
  });

  it.each(rows.map(([, code, found, status, meaning, remedy]) => ({ code, found, status, meaning, remedy })))(
    'tells the class and the status of $code, what it means and what to do',
    ({ code, found, status, meaning, remedy }) => {
      const known = code as ErrorCode;
      expect([found, status]).toEqual([errorCodes[known], String(statusOf[known] ?? byDefault[known] ?? '')]);
      expect([meaning?.trim(), remedy?.trim()]).not.toContain('');
    },
  );
});
