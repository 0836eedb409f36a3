import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { scratchContract } from '@longshore/core/testing';
import { SqliteScratch } from './sqlite-scratch.js';

scratchContract('SqliteScratch', () => new SqliteScratch());

describe('a scratch file', () => {
  it('has no name that anybody would have to clear away', async () => {
    const scratchFiles = () => readdirSync(tmpdir()).filter((name) => name.startsWith('longshore-scratch-'));
    const before = scratchFiles();
    await using table = await new SqliteScratch().open();
    await table.put([['name', 'value']]);
    expect(scratchFiles().filter((name) => !before.includes(name))).toEqual([]);
  });
});
