/** Names that break naive programs, and what lies in the objects that have them. */
import { hostileNames } from '@longshore/core/testing';

export const awkwardNames: readonly string[] = [
  ...hostileNames,
  '-rf',
  '; rm -rf .txt',
  '$(touch pwned).txt',
  'star*glob?.txt',
  '~home.txt',
  '.hidden',
  '.hidden-folder/inside.txt',
  'right-to-left-\u05d0\u05d1.txt',
  'deep/er/and/deep/er/still/file.txt',
  'trailing-dot.',
  `${'a-name-that-goes-on-'.repeat(11)}.txt`,
];

/** A name that only a folder can carry. */
export const brokenLineName = 'new\nline.txt';

/** Each name with a content of its own, and one object without any. */
export function contents(names: readonly string[]): Map<string, Buffer> {
  return new Map([
    ...names.map((name) => [name, Buffer.from(`content of ${name}`)] as const),
    ['empty.bin', Buffer.alloc(0)],
  ]);
}
