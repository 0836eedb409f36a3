/** Numbers as they are typed. @throws InvalidArgumentError for anything else */
import { InvalidArgumentError } from 'commander';
import { parseBytes } from '@longshore/core';

export function zeroOrMore(text: string): number {
  const number = numberOf(text);
  if (number >= 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It must be a number, 0 or more.');
}

export function wholeNumber(text: string): number {
  const number = numberOf(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('It must be a whole number, 0 or more.');
}

export function oneOrMore(text: string): number {
  const number = numberOf(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('It must be a whole number, 1 or more.');
}

export function size(text: string): number {
  try {
    return parseBytes(text);
  } catch {
    throw new InvalidArgumentError('It must be a size, such as 512MiB.');
  }
}

/** No text is no number, least of all 0. */
function numberOf(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}
