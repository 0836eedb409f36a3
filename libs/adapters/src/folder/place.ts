/** Where a location and the names below it lie in the file system. */
import { stat } from 'node:fs/promises';
import { folderPath, keyAt, LongshoreError, refusalOfName, type Location } from '@longshore/core';
import { stagingFolder } from './staging-area.js';

export interface Place {
  root: string;
  /** The path of the output below the root. */
  key: string;
}

/** @throws LongshoreError `name-refused` */
export function placeOf(location: Location, name: string): Place {
  return { root: folderPath(location), key: keyAt(location, acceptable(name)) };
}

/** A name is checked again where it becomes a path, whoever checked it before. */
export function acceptable(name: string): string {
  const isOurs = name.split('/').includes(stagingFolder);
  const refusal = isOurs ? `outputs that are not published wait in "${stagingFolder}"` : refusalOfName(name);
  if (refusal === undefined) return name;
  throw new LongshoreError('name-refused', `"${name}" is refused because ${refusal}.`, { objectKey: name });
}

/**
 * False when nothing is there.
 *
 * @throws LongshoreError `location-not-found` when something else is there
 */
export async function isFolder(root: string): Promise<boolean> {
  const found = await stat(root).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return undefined;
    throw thrown.code === 'ENOTDIR' ? noFolder(`${root} lies below a file.`) : thrown;
  });
  if (found && !found.isDirectory()) throw noFolder(`${root} is not a folder.`);
  return found !== undefined;
}

export function noFolder(sentence: string): LongshoreError {
  return new LongshoreError('location-not-found', sentence, { remedy: 'Check the path.' });
}
