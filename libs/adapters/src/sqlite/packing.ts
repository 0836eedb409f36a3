/** Lists of objects and manifests as one value: a million objects cost about a tenth of what rows of their own would. */
import { deflateSync, inflateSync } from 'node:zlib';

/** What is shorter stays as it is: there is little to gain, and to compress it takes longer than to write its row. */
const shortest = 700;

/**
 * With its defaults zlib prepares 270 KB for each value, and takes 16 KB that live until the next collection: most of the time for one that holds ten
 * objects. A window of 8 KB finds nearly all repetitions of keys that lie next to one another.
 */
const small = { level: 1, windowBits: 13, memLevel: 5 };
const leastChunk = 512;
const mostChunk = 65_536;

/** How values begin that were compressed, with a window of 8 KB or, in older state files, of 32 KB (RFC 1950); no JSON begins so. */
const compressed: readonly (number | undefined)[] = [0x58, 0x78];

export function pack(value: unknown): Uint8Array {
  const text = JSON.stringify(value);
  if (text.length < shortest) return Buffer.from(text);
  return deflateSync(text, { ...small, chunkSize: chunkOf(text.length / 2) });
}

export function unpack<T>(packed: Uint8Array): T {
  const bytes = compressed.includes(packed[0])
    ? inflateSync(packed, { chunkSize: chunkOf(packed.length * 8) })
    : Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  return JSON.parse(bytes.toString()) as T;
}

function chunkOf(bytes: number): number {
  return Math.min(mostChunk, Math.max(leastChunk, Math.ceil(bytes)));
}
