/** One object of a listing of S3, as the rest of Longshore knows it. */
import type { _Object as S3Object } from '@aws-sdk/client-s3';
import type { ObjectRef } from '@longshore/core';

/** As the SDK gives it. */
export function listedObject({ Key = '', Size, ETag, StorageClass, RestoreStatus }: S3Object): ObjectRef {
  const isRestored = RestoreStatus?.IsRestoreInProgress === false && RestoreStatus.RestoreExpiryDate !== undefined;
  return objectOf(Key, Size, ETag, archiveClasses.includes(StorageClass ?? '') && !isRestored);
}

/** What lies there has to be restored before it can be read. */
export const archiveClasses: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE'];

/** @param key as it came, in the encoding `url`: a space as "+", everything else as percent and hexadecimal */
export function objectOf(key: string, sizeBytes = 0, etag = '', archived = false): ObjectRef {
  const spaced = key.includes('+') ? key.replaceAll('+', ' ') : key;
  const decoded = spaced.includes('%') ? decodeURIComponent(spaced) : spaced;
  return archived ? { key: decoded, sizeBytes, etag, archived } : { key: decoded, sizeBytes, etag };
}
