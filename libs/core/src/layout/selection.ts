/** Which objects of the listing a job takes: include and exclude patterns on the key below the prefix. */
import picomatch from 'picomatch';
import { oddPart } from './odd-part.js';

export interface Patterns {
  /** Glob patterns; an object is taken if one of them matches. */
  include: readonly string[];
  /** Glob patterns; an object is left out if one of them matches. */
  exclude: readonly string[];
}

/** A test for relative keys. Hidden files match like any other; letter case does not count. */
export function createSelection(patterns: Patterns): (relativeKey: string) => boolean {
  const included = createMatcher(patterns.include);
  const excluded = createMatcher(patterns.exclude);
  return (relativeKey) => {
    const name = withOrdinaryParts(relativeKey);
    return included(name) && !excluded(name);
  };
}

/** Why the patterns take or leave an object, naming the pattern. */
export function patternVerdict({ include, exclude }: Patterns, relativeKey: string): string {
  const name = withOrdinaryParts(relativeKey);
  const excludedBy = exclude.find((pattern) => createMatcher([pattern])(name));
  if (excludedBy !== undefined) return `the exclude pattern ${excludedBy} matches it`;
  const includedBy = include.find((pattern) => createMatcher([pattern])(name));
  if (includedBy !== undefined) return `the include pattern ${includedBy} matches it`;
  return `no include pattern matches it (${include.join(', ')})`;
}

/** The flag s lets a wildcard match a line break, which is an ordinary character of a name. */
export function createMatcher(patterns: readonly string[], flags = 'is'): (name: string) => boolean {
  const expressions = patterns.map((pattern) => picomatch.makeRe(pattern, { dot: true, flags }));
  return (name) => expressions.some((expression) => expression.test(name));
}

/**
 * Wildcards never match `..`, `.` and empty parts, and an object that no pattern matches is skipped in silence. Names with such parts are
 * refused later, by name; so here they count as ordinary ones.
 */
function withOrdinaryParts(relativeKey: string): string {
  if (oddPart(relativeKey) === undefined) return relativeKey;
  return relativeKey
    .split('/')
    .map((part) => (oddPart(part) === undefined ? part : '_'))
    .join('/');
}
