/** Compares the files of two folders, and finds the first difference of each. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isUtf8 } from 'node:buffer';
import { isOwnPlace } from '@longshore/core';

export interface Comparison {
  /** Files of the first that are in the second, byte for byte. */
  same: number;
  /** A sentence for each file that is not. */
  differences: string[];
  /** Files of the second that the first has not. */
  others: string[];
}

/** The names a sentence has for the two sides, such as `expected` and `found`. */
export type Sides = readonly [string, string];

const longestShown = 80;

/** Files below a folder by their paths below it, sorted; what Longshore keeps for itself is none. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths
    .map((path) => path.slice(join(folder, '/').length))
    .filter((name) => !isOwnPlace(name))
    .sort();
}

export async function compareFolders(first: string, second: string, sides: Sides): Promise<Comparison> {
  const [these, those] = [await filesBelow(first), new Set(await filesBelow(second))];
  const comparison: Comparison = { same: 0, differences: [], others: [] };
  for (const name of these) {
    const isThere = those.delete(name);
    const difference = isThere
      ? firstDifference(await readFile(join(first, name)), await readFile(join(second, name)), sides)
      : `is not ${sides[1]}`;
    if (difference === undefined) comparison.same += 1;
    else comparison.differences.push(`${name} ${difference}`);
  }
  comparison.others = [...those];
  return comparison;
}

/** Undefined for the same bytes. */
export function firstDifference(one: Buffer, other: Buffer, [these, those]: Sides): string | undefined {
  if (one.equals(other)) return undefined;
  const at = firstByte(one, other);
  const sizes = one.length === other.length ? '' : ` (${one.length} bytes ${these}, ${other.length} ${those})`;
  if (!isText(one) || !isText(other)) {
    return `differs from byte ${at} on: ${hex(one, at)} ${these}, ${hex(other, at)} ${those}${sizes}`;
  }
  const before = one.subarray(0, at).toString('utf8').split('\n');
  const [line, column] = [before.length, before.at(-1)?.length ?? 0];
  const shown = [one, other].map((bytes) => lineOf(bytes, line, column));
  return `differs in line ${line}: ${shown[0]} ${these}, ${shown[1]} ${those}`;
}

function firstByte(one: Buffer, other: Buffer): number {
  const shorter = Math.min(one.length, other.length);
  for (let at = 0; at < shorter; at += 1) if (one[at] !== other[at]) return at;
  return shorter;
}

function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

/** As JSON, so that spaces and line breaks at its end are seen; of a long line what lies around the column. */
function lineOf(bytes: Buffer, line: number, column: number): string {
  const text = bytes.toString('utf8').split(/(?<=\n)/)[line - 1] ?? '';
  const from = column < longestShown / 2 ? 0 : column - longestShown / 4;
  const part = text.slice(from, from + longestShown);
  return text === ''
    ? 'nothing'
    : `${from > 0 ? '...' : ''}${JSON.stringify(part)}${from + part.length < text.length ? '...' : ''}`;
}

function hex(bytes: Buffer, at: number): string {
  return bytes.subarray(at, at + 8).toString('hex') || 'its end';
}
