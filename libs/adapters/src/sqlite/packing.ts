/** Lists of objects and manifests as one value: a million objects cost about a tenth of what rows of their own would. */
import { deflateSync, inflateSync } from 'node:zlib';

/** What is shorter stays as it is: there is little to gain, and to compress it takes longer than to write its row. */
const shortest = 700;

/** How every value that was compressed begins (RFC 1950); no JSON begins so. */
const compressed = 0x78;

export function pack(value: unknown): Uint8Array {
  const text = JSON.stringify(value);
  return text.length < shortest ? Buffer.from(text) : deflateSync(text, { level: 1 });
}

export function unpack<T>(packed: Uint8Array): T {
  const bytes =
    packed[0] === compressed ? inflateSync(packed) : Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  return JSON.parse(bytes.toString()) as T;
}
