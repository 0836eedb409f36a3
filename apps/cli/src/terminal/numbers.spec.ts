import { describe, expect, it } from '@jest/globals';
import { oneOrMore, size, wholeNumber, zeroOrMore } from './numbers.js';

describe('a number that is typed', () => {
  it('is read as it is written', () => {
    expect([zeroOrMore('0.5'), wholeNumber('0'), oneOrMore('1'), size('1.5KiB')]).toEqual([0.5, 0, 1, 1_536]);
  });

  it.each([
    [zeroOrMore, '-1', 'It must be a number, 0 or more.'],
    [zeroOrMore, 'Infinity', 'It must be a number, 0 or more.'],
    [wholeNumber, '1.5', 'It must be a whole number, 0 or more.'],
    [oneOrMore, '0', 'It must be a whole number, 1 or more.'],
    [size, '3 apples', 'It must be a size, such as 512MiB.'],
  ])('is refused by %p where it is %j', (read, text, why) => {
    expect(() => read(text)).toThrow(why);
  });

  it.each([zeroOrMore, wholeNumber, oneOrMore, size])('is not nothing at all: %p', (read) => {
    expect(() => read('')).toThrow();
    expect(() => read(' ')).toThrow();
  });
});
