/** Keys as numbers, so that it can be guessed where the keys lie that come next: learned from those already listed. */

import { compareKeys } from '@longshore/core';
/** Of a long key the beginning tells enough. */
const positionsAtMost = 160;

/** The place of a character that is not there, because the key ends before it. */
const ended = -1;

/** Guesses may be wrong: they cut ranges, and any cut is a right one. */
export class KeySpace {
  /** The characters seen at each position behind the prefix. */
  private readonly seen: Set<number>[] = [];
  private alphabets: number[][] | undefined;

  constructor(private readonly prefix: string) {}

  learn(key: string): void {
    const characters = this.characters(key);
    characters.push(ended);
    const positions = Math.min(characters.length, positionsAtMost);
    for (let position = 0; position < positions; position += 1) {
      const known = (this.seen[position] ??= new Set());
      const character = characters[position]!;
      if (known.has(character)) continue;
      known.add(character);
      this.alphabets = undefined;
    }
  }

  /** How much room lies between two keys. */
  room(from: string, to: string): bigint {
    return this.numberOf(to) - this.numberOf(from);
  }

  /** A key so far behind another one, if that is no more than half way to the end; undefined where there is none. */
  ahead(from: string, until: string | undefined, room: bigint, orHalf: boolean): string | undefined {
    const start = this.numberOf(from);
    const end = until === undefined ? this.size() : this.numberOf(until);
    const half = (start + end) / 2n;
    if (start + room > half && !orHalf) return undefined;
    const guess = this.keyAt(start + room < half ? start + room : half);
    const lies = compareKeys(guess, from) > 0 && (until === undefined || compareKeys(guess, until) < 0);
    return lies ? guess : undefined;
  }

  private numberOf(key: string): bigint {
    const characters = this.characters(key);
    let number = 0n;
    let beyond: 'lowest' | 'highest' | undefined;
    for (const [position, alphabet] of this.letters().entries()) {
      const character = characters[position] ?? ended;
      const found = beyond ? -1 : alphabet.findIndex((letter) => letter >= character);
      const isUnknown = beyond === undefined && alphabet[found] !== character;
      if (isUnknown) beyond = found < 0 ? 'highest' : 'lowest';
      const digit = found >= 0 ? found : beyond === 'highest' ? alphabet.length - 1 : 0;
      number = number * BigInt(alphabet.length) + BigInt(digit);
    }
    return number;
  }

  private keyAt(number: bigint): string {
    const letters: number[] = [];
    let left = number;
    for (const alphabet of this.letters().toReversed()) {
      const base = BigInt(alphabet.length);
      letters.unshift(alphabet[Number(left % base)] ?? ended);
      left /= base;
    }
    const end = letters.indexOf(ended);
    return this.prefix + String.fromCodePoint(...(end < 0 ? letters : letters.slice(0, end)));
  }

  private size(): bigint {
    return this.letters().reduce((size, alphabet) => size * BigInt(alphabet.length), 1n);
  }

  private letters(): number[][] {
    return (this.alphabets ??= this.seen.map(alphabetOf));
  }

  private characters(key: string): number[] {
    const characters: number[] = [];
    for (let at = this.prefix.length; at < key.length; at += 1) {
      const character = key.codePointAt(at)!;
      characters.push(character);
      if (character > 0xffff) at += 1;
    }
    return characters;
  }
}

const [digits, small, large] = [range('0', '9'), range('a', 'z'), range('A', 'Z')];
const hexadecimal = { small: range('a', 'f'), large: range('A', 'F') };

/** In order. Where one digit was seen others will come; letters are taken for more than themselves once there are several. */
function alphabetOf(seen: ReadonlySet<number>): number[] {
  const all = new Set(seen);
  const add = (letters: readonly number[]) => letters.forEach((letter) => all.add(letter));
  const hasDigit = digits.some((digit) => seen.has(digit));
  if (hasDigit) add(digits);
  for (const [letters, hex] of [[small, hexadecimal.small] as const, [large, hexadecimal.large] as const]) {
    const found = letters.filter((letter) => seen.has(letter));
    if (found.length > 0 && hasDigit && found.every((letter) => hex.includes(letter))) add(hex);
    else if (found.length > 2) add(letters);
  }
  return [...all].sort((one, other) => one - other);
}

function range(first: string, last: string): number[] {
  const [from, to] = [first.charCodeAt(0), last.charCodeAt(0)];
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
