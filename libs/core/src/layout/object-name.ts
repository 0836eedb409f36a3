/** Which object names may become files of a workspace, and which are refused by name. */

import type { ObjectRef } from '../words/object-ref.js';

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
  if (Buffer.byteLength(name) > longestNameBytes) return `its name is longer than ${longestNameBytes} bytes`;
  if (name.endsWith('/')) return 'its name ends with a slash, as that of a folder';
  for (const part of name.split('/')) {
    if (part === '') return 'its name holds an empty folder name ("//")';
    if (part === '.' || part === '..') return `its name holds "${part}" as a folder or file`;
    if (Buffer.byteLength(part) > longestComponentBytes) {
      return `a part of its name is longer than ${longestComponentBytes} bytes`;
    }
  }
  return undefined;
}

/** True for the empty objects that consoles make to show a folder. One that holds something is no folder, and cannot be a file either. */
export function isFolderMarker({ key, sizeBytes }: Pick<ObjectRef, 'key' | 'sizeBytes'>): boolean {
  return key.endsWith('/') && sizeBytes === 0;
}
