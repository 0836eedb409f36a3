/** Which objects of the listing a job takes: include and exclude patterns on the key below the prefix. */
import picomatch from 'picomatch';

export interface Patterns {
  /** Glob patterns; an object is taken if one of them matches. */
  include: readonly string[];
  /** Glob patterns; an object is left out if one of them matches. */
  exclude: readonly string[];
}

/** A test for relative keys. Hidden files match like any other; letter case does not count. */
export function createSelection(patterns: Patterns): (relativeKey: string) => boolean {
  const options = { dot: true, nocase: true };
  const included = picomatch([...patterns.include], options);
  const excluded = patterns.exclude.length > 0 ? picomatch([...patterns.exclude], options) : () => false;
  return (name) => included(name) && !excluded(name);
}
