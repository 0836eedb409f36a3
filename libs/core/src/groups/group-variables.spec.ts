import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { environmentOf, readPairs, variableFaults } from './group-variables.js';

describe('the variables of a group', () => {
  it('are handed to the environment under safe names, with their values as they are', () => {
    const hostile = {
      PATH: '/evil',
      LD_PRELOAD: 'x',
      'a b;rm -rf /': '$(reboot)\n`x`"\'',
      ü: 'x',
      n: 3,
      none: null,
      list: [1, 'two'],
    };
    expect(variableFaults({ ...hostile, ü: undefined }).map(({ name }) => name)).toEqual(['ü']);
    const { ü: _left, ...rest } = hostile;
    expect(environmentOf(rest)).toEqual({
      GROUP_PATH: '/evil',
      GROUP_LD_PRELOAD: 'x',
      GROUP_a_b_rm__rf__: '$(reboot)\n`x`"\'',
      GROUP_n: '3',
      GROUP_none: '',
      GROUP_list: '[1,"two"]',
    });
  });

  it('arrive in a real process byte for byte, whatever they hold', () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 30 })
      .filter((value) => !value.includes('\0') && value.isWellFormed());
    fc.assert(
      fc.property(text, (value) => {
        const env = environmentOf({ value });
        const printed = execFileSync(process.execPath, ['-p', 'JSON.stringify(process.env.GROUP_value)'], { env });
        expect(JSON.parse(printed.toString())).toBe(value);
      }),
      { numRuns: 5 },
    );
  });

  it.each<[string, unknown, string]>([
    ['what is no list of names', ['x'], 'names and values'],
    ['a zero character', { a: 'x\0y' }, 'zero character'],
    ['two names that would be one', { 'a b': 1, 'a-b': 2 }, '"a b" and "a-b" would both be GROUP_a_b'],
    ['a name of signs alone', { '--': 1 }, 'needs a letter or a digit'],
    ['too much', { a: 'x'.repeat(40_000) }, '32768 is the most'],
    ['too many', Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`n${n}`, n])), 'at most 200'],
  ])('are refused: %s', (_, variables, sentence) => {
    expect(variableFaults(variables).map(({ message }) => message)).toEqual([expect.stringContaining(sentence)]);
  });

  it('are read out of pairs as Distributed-Something writes them', () => {
    expect(readPairs('plate=P1,well=A=01, site = 2')).toEqual({ plate: 'P1', well: 'A=01', site: '2' });
    expect(readPairs({ plate: 'P1', site: 2 })).toEqual({ plate: 'P1', site: '2' });
    expect(readPairs('nothing')).toEqual({});
  });
});
