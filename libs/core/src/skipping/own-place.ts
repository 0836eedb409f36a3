/** The folder below an output that is Longshore's own: never an input, never an output of a plugin. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { folderPath, storeKind, type Location } from '../words/location.js';

const ownFolder = '.longshore/';

/** Where jobs leave the records of what they have done, below their output. */
export const recordsFolder = `${ownFolder}manifests/`;

/** The name, below the output, of the records of one job; in the order of time. */
export function recordsName(job: { id: string; createdAt: number }): string {
  return `${recordsFolder}${new Date(job.createdAt).toISOString().replace(/[-:.]/g, '')}-${job.id}.jsonl`;
}

/** True for what lies in such a folder, of whichever job, at any depth: the input of one job may hold the output of another. */
export function isOwnPlace(key: string): boolean {
  return key.startsWith(ownFolder) || key.includes(`/${ownFolder}`);
}

/** A place below a location, as a location. */
export function placeBelow(location: Location, path: string): Location {
  return storeKind(location) === 'folder'
    ? { ...location, bucket: pathToFileURL(join(folderPath(location), path)).href.replace(/\/$/, '') }
    : { ...location, prefix: location.prefix + path };
}
