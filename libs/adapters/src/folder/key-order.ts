/** The order of keys that every store promises: by their UTF-8 bytes, which is not the order of JavaScript's strings. */

/**
 * UTF-8 orders like code points. JavaScript compares UTF-16 units, whose surrogates (D800 to DFFF) stand for the highest code points
 * although E000 to FFFF follow them. Encoding both strings instead costs seconds in a folder of 300,000 files.
 */
export function compareKeys(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const [mine, others] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (mine !== others) return rank(mine) - rank(others);
  }
  return one.length - other.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
