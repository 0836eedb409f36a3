/** Keys as listings write them. */
import { unescape } from 'node:querystring';

/**
 * XML cannot carry every character of a key, so listings are asked for in the encoding "url": a space comes as "+", and everything that
 * needs it as percent and hexadecimal. A store that does not know the encoding does not claim it either.
 *
 * What is not valid UTF-8 comes out with replacement characters, which no name is accepted with.
 */
export function decodeKey(key: string, encoding: string | undefined): string {
  return encoding === 'url' ? unescape(key.replaceAll('+', ' ')) : key;
}

/** The longest beginning that all keys share, in whole characters. */
export function commonPrefix(keys: Iterable<string>): string {
  let common: string[] | undefined;
  for (const key of keys) {
    const characters = [...key];
    const differs = (common ??= characters).findIndex((character, at) => character !== characters[at]);
    if (differs >= 0) common.length = differs;
  }
  return (common ?? []).join('');
}
