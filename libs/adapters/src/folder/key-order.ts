/** The order of keys that every store promises: by their UTF-8 bytes, which is not the order of JavaScript's strings. */

export function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
