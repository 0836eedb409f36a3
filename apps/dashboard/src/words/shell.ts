/** The command line that does the same, in a form that a POSIX shell takes back whole. */
const plain = /^[\w@%+=:,./-]+$/;
// Everything but what a line of a terminal shows as itself: control characters, and those that turn the direction of text.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

export function quoted(word: string): string {
  if (plain.test(word)) return word;
  if (!unseen.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  const escaped = [...word].map((character) => {
    if (character === '\\' || character === "'") return `\\${character}`;
    return unseen.test(character) ? bytesOf(character) : character;
  });
  return `$'${escaped.join('')}'`;
}

function bytesOf(character: string): string {
  return [...new TextEncoder().encode(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/** @param words undefined ones are left out */
export function commandLine(...words: (string | number | undefined)[]): string {
  return ['longshore', ...words.filter((word) => word !== undefined)].map((word) => quoted(String(word))).join(' ');
}

/** Fetches a file that lies below a location, with what everybody has for that. */
export function fetchLine(location: string, name: string): string {
  const from = quoted(location.endsWith('/') ? `${location}${name}` : `${location}/${name}`);
  return location.startsWith('s3://') ? `aws s3 cp ${from} .` : `cp ${from} .`;
}
