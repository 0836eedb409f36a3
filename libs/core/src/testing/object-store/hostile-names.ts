/** Names that are allowed, and that break programs which quote, split, trim, fold, decode or sort them carelessly. */

export const hostileNames: readonly string[] = [
  'plain.txt',
  'with space.txt',
  ' outer spaces ',
  'trailing dot.',
  '.hidden',
  'quote\'s and "doubles".txt',
  'commas, semicolons; [brackets] {braces}.txt',
  '--leading.txt',
  'a/x.tif',
  'b/x.tif',
  'deep/er/still/x.tif',
  'x.png',
  'x.tif',
  'Case.txt',
  'case.txt',
  'nfc-\u00e9.txt',
  'nfd-e\u0301.txt',
  'right-to-left-\u05d0\u202e.txt',
  // The next two stand in this order by their bytes, and the other way round as JavaScript compares strings.
  'order-\uff21.txt',
  'order-\u{1f52c}.txt',
  'plus+percent%2Fhash#question?amp&.txt',
  'half 100% of %zz.txt',
  'xml <a> &amp; ]]>.txt',
  '$(id) `id` ;|.txt',
  'glob *?[a-z].txt',
  'back\\slash.txt',
  'tab\tinside.txt',
  'control \u0001\u007f.txt',
  'line\nbreak.txt',
  // The longest name of one file on common file systems.
  'l'.repeat(255),
];

/** Names that must reach no store. */
export const refusedNames: readonly string[] = [
  '',
  '../outside',
  'a/../../outside',
  'a/./b',
  '/absolute',
  'a//b',
  'a/',
  'zero\0inside',
  'l'.repeat(256),
];
