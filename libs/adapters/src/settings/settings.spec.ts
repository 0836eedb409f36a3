import { describe, expect, it } from '@jest/globals';
import { Settings } from './settings.js';

describe('settings', () => {
  const settings = new Settings({ SIZE: '12', HALF: '0.5', WORDS: ' a, ,b ', MODE: 'fast', BLANK: '  ' });

  it('read what the environment says', () => {
    expect(settings.number('SIZE', 1, { min: 0, max: 20, integer: true })).toBe(12);
    expect(settings.number('HALF', 1, { min: 0, max: 1 })).toBe(0.5);
    expect(settings.list('WORDS')).toEqual(['a', 'b']);
    expect(settings.choice('MODE', 'slow', ['slow', 'fast'])).toBe('fast');
  });

  it('fall back where nothing, or only blanks, is said', () => {
    expect(settings.text('BLANK', 'default')).toBe('default');
    expect(settings.number('MISSING', 7, { min: 0, max: 10 })).toBe(7);
    expect(settings.list('MISSING')).toEqual([]);
  });

  it.each([
    [
      'a value that is no number',
      () => settings.number('MODE', 1, { min: 0, max: 9 }),
      /MODE is "fast".*number from 0 to 9/,
    ],
    ['a number out of range', () => settings.number('SIZE', 1, { min: 0, max: 9 }), /SIZE is "12"/],
    [
      'a fraction for a whole number',
      () => settings.number('HALF', 1, { min: 0, max: 9, integer: true }),
      /whole number/,
    ],
    ['an unknown choice', () => settings.choice('MODE', 'a', ['a', 'b']), /MODE is "fast".*one of a, b/],
    [
      'a missing value that is needed',
      () => settings.required('MISSING', 'where to go'),
      /MISSING is not set; it says where to go/,
    ],
  ])('refuse %s with a sentence that names the variable', (_, read, sentence) => {
    expect(read).toThrow(sentence);
  });
});
