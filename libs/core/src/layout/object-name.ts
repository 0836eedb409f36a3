/** Which object names may become files of a workspace, and which are refused by name. */

import type { ObjectRef } from '../words/object-ref.js';
import { oddPart } from './odd-part.js';

/** Longest name of one file or folder that common file systems accept, in bytes. */
const longestComponentBytes = 255;
/** Room for the workspace's own path below the 4,096 bytes that Linux accepts. */
const longestNameBytes = 3_500;

/** Why a relative key cannot be a file below the workspace; undefined if it can. Nothing is ever renamed to make it fit. */
export function refusalOfName(name: string): string | undefined {
  if (name === '') return 'its name is the prefix itself';
  if (name.startsWith('/')) return 'its name is an absolute path';
  if (name.includes('\0')) return 'its name holds a zero character';
  if (name.includes('\uFFFD')) return 'its name is not valid UTF-8';
  if (isLonger(name, longestNameBytes)) return `its name is longer than ${longestNameBytes} bytes`;
  if (name.endsWith('/')) return 'its name ends with a slash, as that of a folder';
  const odd = oddPart(name);
  if (odd === '') return 'its name holds an empty folder name ("//")';
  if (odd !== undefined) return `its name holds "${odd}" as a folder or file`;
  if (
    name.length * 3 > longestComponentBytes &&
    name.split('/').some((part) => isLonger(part, longestComponentBytes))
  ) {
    return `a part of its name is longer than ${longestComponentBytes} bytes`;
  }
  return undefined;
}

/** A character of UTF-16 takes three bytes at most. */
function isLonger(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && Buffer.byteLength(text) > bytes;
}

/** True for the empty objects that consoles make to show a folder. One that holds something is no folder, and cannot be a file either. */
export function isFolderMarker({ key, sizeBytes }: Pick<ObjectRef, 'key' | 'sizeBytes'>): boolean {
  return key.endsWith('/') && sizeBytes === 0;
}
