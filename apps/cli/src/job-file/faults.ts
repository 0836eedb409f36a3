/** What is wrong with a file that somebody wrote: each fault with its line and column, all of them at once. */
import { LongshoreError } from '@longshore/core';
import { printable } from '../terminal/job-text.js';

/** Both from 1, as editors count. */
export interface Place {
  line: number;
  column: number;
}

export interface PlacedFault {
  place: Place | undefined;
  sentence: string;
}

/** In the order in which a reader meets them; those without a place come last. */
export function wrongFile(path: string, faults: readonly PlacedFault[]): LongshoreError {
  const inOrder = [...faults].sort((one, other) => orderOf(one) - orderOf(other));
  return new LongshoreError('job-file-invalid', `The job file ${path} is wrong: ${faultLines(inOrder)}`, {
    remedy: 'docs/job-file.md lists every name, and "longshore schema" prints the schema for editors.',
  });
}

/** One fault stays in the sentence; several stand below each other. What the file holds never reaches a terminal raw. */
export function faultLines(faults: readonly PlacedFault[]): string {
  const lines = [...new Set(faults.map(lineOf))];
  return lines.length === 1
    ? `${lines[0]}${lines[0]?.endsWith('?') ? '' : '.'}`
    : `${lines.map((line) => `\n  ${line}`).join('')}\n`;
}

function lineOf({ place, sentence }: PlacedFault): string {
  return `${place ? `line ${place.line}, column ${place.column}: ` : ''}${printable(sentence)}`;
}

function orderOf({ place }: PlacedFault): number {
  return place ? place.line * 1_000_000 + place.column : Infinity;
}
