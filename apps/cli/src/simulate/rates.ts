/** Rates, prices and shares as they are typed. @throws InvalidArgumentError for anything else */
import { InvalidArgumentError } from 'commander';
import { size, zeroOrMore } from '../terminal/numbers.js';

/** `0.05/h`, `5%/h`, or the number alone. */
export function perHour(text: string): number {
  return fraction(text.replace(/\/h$/, ''));
}

/** `0.05`, or `5%`; at most 1. */
export function share(text: string): number {
  const value = fraction(text);
  if (value <= 1) return value;
  throw new InvalidArgumentError('It must be a share, such as 0.05 or 5%.');
}

function fraction(text: string): number {
  return text.endsWith('%') ? zeroOrMore(text.slice(0, -1)) / 100 : zeroOrMore(text);
}

/** `50MB/s`. */
export function bytesPerSecond(text: string): number {
  const rate = size(text.replace(/\/s$/, ''));
  if (rate > 0) return rate;
  throw new InvalidArgumentError('It must be more than nothing, such as 50MB/s.');
}
