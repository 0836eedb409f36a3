/** Where a text that is meant to be JSON ceases to be. */
import { messageOf } from '@longshore/core';
import type { PlacedFault } from './faults.js';

/** Undefined for what is JSON, or is not meant to be. */
export function jsonFault(text: string): PlacedFault | undefined {
  if (!/^\uFEFF?\s*[{[]/.test(text)) return undefined;
  const message = complaint(text.replace(/^\uFEFF/, ' '));
  if (message === undefined) return undefined;
  const lines = text.slice(0, firstWrong(text)).split('\n');
  const place = { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  return {
    place,
    sentence: `this is no JSON: ${message.replace(/,? (in JSON )?at position .*$|, ".*$|, \.{3}.*$/s, '')}`,
  };
}

function complaint(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

/** The engine does not always say where. The longest beginning that is merely cut off ends there: some twenty looks find it. */
function firstWrong(text: string): number {
  let [right, wrong] = [0, text.length];
  while (right < wrong) {
    const middle = Math.ceil((right + wrong) / 2);
    if (isCutOff(text.slice(0, middle))) right = middle;
    else wrong = middle - 1;
  }
  return right;
}

function isCutOff(beginning: string): boolean {
  const message = complaint(beginning);
  if (message === undefined) return true;
  const at = /at position (\d+)/.exec(message)?.[1];
  return /end of JSON input|Unterminated string/.test(message) || Number(at) === beginning.length;
}
