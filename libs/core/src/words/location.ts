/** Where objects lie: a bucket and a prefix, for S3 and for a local folder alike. */
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LongshoreError } from '../errors/longshore-error.js';
import type { StorageSettings } from '../storage/storage-settings.js';

/**
 * `bucket` is the name of an S3 bucket, or the `file://` URL of a local folder.
 * `prefix` is empty or ends with a slash, so that `run1/` never lists `run10/`.
 */
export interface Location {
  bucket: string;
  prefix: string;
  /** How to reach it and how to store there, where the job says more than the environment does. */
  storage?: StorageSettings;
}

export type StoreKind = 's3' | 'folder';

export function storeKind(location: Location): StoreKind {
  return location.bucket.startsWith('file://') ? 'folder' : 's3';
}

/**
 * Reads what a person writes: `s3://bucket/prefix/`, `file:///data/images`, or a path of this machine.
 *
 * @throws LongshoreError `location-invalid`
 */
export function parseLocation(text: string, workingDirectory: string = process.cwd()): Location {
  if (/^s3:\//i.test(text)) {
    const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]*)\/?(.*)$/s.exec(text) ?? [];
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
      throw new LongshoreError('location-invalid', `"${text}" does not name an S3 bucket.`, {
        remedy: 'Write s3://bucket/prefix/ with a bucket name of 3 to 63 lower-case letters, digits, dots and hyphens.',
      });
    }
    return { bucket, prefix: withSlash(prefix) };
  }
  if (text.startsWith('file://')) return folder(pathOfUrl(text));
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw new LongshoreError('location-invalid', `"${text}" is of a kind Longshore cannot read.`, {
      remedy: 'Write s3://bucket/prefix/ or the path of a folder.',
    });
  }
  if (text.trim() === '') {
    throw new LongshoreError('location-invalid', 'The location is empty.', {
      remedy: 'Write s3://bucket/prefix/ or the path of a folder.',
    });
  }
  return folder(resolve(workingDirectory, text));
}

/** The same place, with settings where there are any. */
export function withStorage({ bucket, prefix }: Location, storage: StorageSettings | undefined): Location {
  return { bucket, prefix, ...(storage && { storage }) };
}

/** The location as a person would write it. */
export function formatLocation(location: Location): string {
  return storeKind(location) === 'folder'
    ? fileURLToPath(location.bucket)
    : `s3://${location.bucket}/${location.prefix}`;
}

/** The absolute path of a folder location. */
export function folderPath(location: Location): string {
  return fileURLToPath(location.bucket);
}

/** The full key of an object named relative to the location's prefix. */
export function keyAt(location: Location, relativeKey: string): string {
  return location.prefix + relativeKey;
}

/** The part of a key below the location's prefix; the key itself where it lies elsewhere. */
export function relativeKey(location: Location, key: string): string {
  return key.startsWith(location.prefix) ? key.slice(location.prefix.length) : key;
}

/** The path of `inner` below `outer`, ending with a slash; empty when they are the same, undefined when it lies elsewhere. */
export function pathBelow(inner: Location, outer: Location): string | undefined {
  const [innerPath, outerPath] = [rootedPath(inner), rootedPath(outer)];
  const below = storeKind(inner) === storeKind(outer) && innerPath.startsWith(outerPath);
  return below ? innerPath.slice(outerPath.length) : undefined;
}

/** True when `inner` is `outer` or lies below it. */
export function isWithin(inner: Location, outer: Location): boolean {
  return pathBelow(inner, outer) !== undefined;
}

export function sameLocation(one: Location, other: Location): boolean {
  return isWithin(one, other) && isWithin(other, one);
}

function folder(path: string): Location {
  return { bucket: pathToFileURL(path.replace(/(?<=.)\/+$/s, '')).href, prefix: '' };
}

function pathOfUrl(text: string): string {
  try {
    // What stands behind ? or # is no part of a path, and would be dropped in silence.
    if (!/[?#]/.test(text)) return fileURLToPath(text);
  } catch {
    // Another machine, or an encoding that stands for no path.
  }
  throw new LongshoreError('location-invalid', `"${text}" is not the URL of a folder of this machine.`, {
    remedy: 'Write the path of the folder as it is, without file://.',
  });
}

function rootedPath(location: Location): string {
  return storeKind(location) === 's3' ? `${location.bucket}/${location.prefix}` : withSlash(folderPath(location));
}

function withSlash(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}
