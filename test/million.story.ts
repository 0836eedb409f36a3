/** A job of a million objects costs whoever looks at it a page. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { repository } from './support/process.js';

describe('a job of 1,000,000 objects', () => {
  it('is listed, shown, counted and its dead letters told of in less than 100 KB each', async () => {
    // 500 objects a task: as large as tasks get, and stored in seconds. The bench itself takes ten.
    const { stdout } = await promisify(execFile)(process.execPath, ['bench/million-objects.mjs', '1000000', '500'], {
      cwd: repository,
    });
    expect(stdout).toMatch(/^1000000 objects in 2000 tasks/);
    const lines = stdout.split('\n').filter((line) => line.startsWith('/'));
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(Number(line.split(/\s+/)[1])).toBeLessThan(100_000);
    expect(stdout).not.toContain('too large');
  });
});
