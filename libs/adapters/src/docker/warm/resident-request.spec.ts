import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ResidentRequests } from './resident-request.js';

const word = fc.string({ unit: fc.constantFrom('a', '\n', '=', ' ', "'", '$', '1', 'ü'), maxLength: 8 });
const argv = fc.array(word, { minLength: 1, maxLength: 6 });

/** What the shell makes of the lines, with what it has from before. */
function decode(text: string, kept: string[]): { mark: string; words: string[]; settings: number } {
  const lines = text.split('\n');
  const mark = lines.shift() ?? '';
  const [size = NaN, settings = NaN] = (lines.shift() ?? '').split(' ').map(Number);
  for (let at = 0; at < size; at += 1) {
    const more = lines.shift() ?? '';
    if (more !== '=') kept[at] = lines.splice(0, Number(more) + 1).join('\n');
  }
  expect(lines).toEqual(['']);
  return { mark, words: kept.slice(0, size), settings };
}

describe(ResidentRequests.name, () => {
  it('says every word, whatever is in it and whatever was asked before', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(argv, fc.option(word)), { maxLength: 8 }), (commands) => {
        const requests = new ResidentRequests();
        const kept: string[] = [];
        for (const [words, value] of commands) {
          const environment: Record<string, string> = value === null ? {} : { SETTING: value };
          const settings = Object.entries(environment).map((pair) => pair.join('='));
          expect(decode(requests.encode('ab', { argv: words, environment }), kept)).toEqual({
            mark: 'ab',
            words: [...settings, ...words],
            settings: settings.length,
          });
          expect(requests.encode('cd')).toBe('cd\n0 0\n');
        }
      }),
    );
  });

  it('says a word once that stays the same', () => {
    const requests = new ResidentRequests();
    requests.encode('1', { argv: ['sh', '-c', 'a long script', 'sh', 'a.txt'] });
    expect(requests.encode('2', { argv: ['sh', '-c', 'a long script', 'sh', 'b.txt'] })).toBe(
      '2\n5 0\n=\n=\n=\n=\n0\nb.txt\n',
    );
  });

  const suits = (command: string[], environment: Record<string, string> = {}) =>
    new ResidentRequests().suit({ argv: command, environment });

  it('takes what a shell can hand on unchanged', () => {
    expect(suits(['sh', '-c', 'exit 3', '-n', ''], { PATH: '/app', LANG: 'C.UTF-8', GROUP_well: 'a\nb' })).toBe(true);
  });

  it.each<[string, string[], Record<string, string>]>([
    ['a byte that ends every text', ['echo', 'a\0b'], {}],
    ['a program that reads like an option', ['-a', 'x'], {}],
    ['no program at all', [], {}],
    ['a name that no shell has', ['env'], { 'GROUP_well-x': '1' }],
    ['a name that its own program uses', ['env'], { _ls_mark: '1' }],
    ['a name that a shell keeps for itself', ['env'], { UID: '0' }],
    ['a name that changes how a shell reads', ['env'], { IFS: 'x' }],
    ['more than it reads in good time', ['echo', 'x'.repeat(20_000)], {}],
    ['more words than it counts in good time', ['echo', ...Array<string>(2_000).fill('')], {}],
  ])('leaves %s to the engine', (_, command, environment) => {
    expect(suits(command, environment)).toBe(false);
  });
});
