import { describe, expect, it } from '@jest/globals';
import { textParts } from './unseen.js';

describe('what nobody would see in a name', () => {
  it('is shown by its name: control characters, and marks that turn the direction of text', () => {
    expect(textParts('a\u202egnp.exe\x07')).toEqual([
      { text: 'a' },
      { text: '\u202e', code: 'U+202E' },
      { text: 'gnp.exe' },
      { text: '\x07', code: 'U+0007' },
    ]);
    expect(textParts('\x1b[31m')).toEqual([{ text: '\x1b', code: 'ESC' }, { text: '[31m' }]);
  });

  it('leaves everything else as it is, in any script', () => {
    for (const text of ['plate 7/A01.png', '<img src=x onerror=alert(1)>', 'שלום', '試料', '']) {
      expect(textParts(text).map((part) => part.text)).toEqual(text === '' ? [] : [text]);
    }
  });

  it('keeps the line ends of a log', () => {
    expect(textParts('one\ntwo\r', '\n\t')).toEqual([{ text: 'one\ntwo' }, { text: '\r', code: 'CR' }]);
  });
});
