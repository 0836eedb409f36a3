/** Numbers as they are typed: rates, prices, sizes and shares. */
import { InvalidArgumentError } from 'commander';
import { parseBytes } from '@longshore/core';

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
  return text.endsWith('%') ? positive(text.slice(0, -1)) / 100 : positive(text);
}

/** `50MB/s`. */
export function bytesPerSecond(text: string): number {
  const rate = bytes(text.replace(/\/s$/, ''));
  if (rate > 0) return rate;
  throw new InvalidArgumentError('It must be more than nothing, such as 50MB/s.');
}

export function bytes(text: string): number {
  try {
    return parseBytes(text);
  } catch {
    throw new InvalidArgumentError('It must be a size, such as 3MB.');
  }
}

export function positive(text: string): number {
  const number = text.trim() === '' ? NaN : Number(text);
  if (number >= 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It must be a number, 0 or more.');
}

export function atLeastOne(text: string): number {
  const number = positive(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('It must be a whole number, 1 or more.');
}

export function sizes(text: string): number[] {
  return text.split(',').map(atLeastOne);
}
