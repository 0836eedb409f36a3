import { describe, expect, it } from '@jest/globals';
import { readOptions, WrongUse } from './options.mjs';
import { loadSuites } from './suites.mjs';

describe('the command line of the bench', () => {
  it('runs each subject five times, and once when it is to be quick', () => {
    expect(readOptions([])).toMatchObject({ suites: [], runs: 5, quick: false, peers: true });
    expect(readOptions(['scan', '--quick', '--no-peers'])).toMatchObject({ suites: ['scan'], runs: 1, peers: false });
    expect(readOptions(['--quick', '--runs', '2', '--json', 'rows.json'])).toMatchObject({
      runs: 2,
      json: 'rows.json',
    });
  });

  it('says what is wrong', () => {
    expect(() => readOptions(['--runs', '0'])).toThrow(WrongUse);
    expect(() => readOptions(['--fast'])).toThrow(WrongUse);
    expect(() => readOptions(['--docs', '--quick'])).toThrow('--quick has none');
  });

  it('knows the suites by name', async () => {
    await expect(loadSuites(['nonsense'])).rejects.toThrow('no suite called nonsense');
  });
});
