/** Names that break naive programs. */

export const awkwardNames = [
  'plain.txt',
  'with space.txt',
  ' leading and trailing ',
  "single'quote.txt",
  'double"quote.txt',
  'comma,semi;colon.txt',
  'plate1_1_013 [Well 5, Field 1 (Spot 5)].png',
  '--W00001--P00001--Z00000--T00000--cherry.tif',
  '-rf',
  'a/x.tif',
  'b/x.tif',
  'x.png',
  'x.tif',
  'UPPER.txt',
  'upper.txt',
  'nfc-\u00e9.txt',
  'nfd-e\u0301.txt',
  'emoji-\u{1f52c}.txt',
  'right-to-left-\u05d0\u05d1.txt',
  'plus+sign.txt',
  'percent%2Fencoded.txt',
  'hash#question?amp&.txt',
  '$(touch pwned).txt',
  '`id`.txt',
  '; rm -rf .txt',
  'back\\slash.txt',
  'star*glob?.txt',
  '{brace,list}.txt',
  '~home.txt',
  '.hidden',
  '.hidden-folder/inside.txt',
  'deep/er/and/deep/er/still/file.txt',
  'trailing-dot.',
  'a-name-that-goes-on-'.repeat(11) + '.txt',
] as const;

/** Names that only a folder can carry: S3 keeps control characters, but its XML listings cannot show them all. */
export const controlCharacterNames = ['tab\there.txt', 'new\nline.txt'] as const;

/** Each name with a content of its own, and one object without any. */
export function contents(names: readonly string[]): Map<string, Buffer> {
  return new Map([
    ...names.map((name) => [name, Buffer.from(`content of ${name}`)] as const),
    ['empty.bin', Buffer.alloc(0)],
  ]);
}
