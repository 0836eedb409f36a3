/** One object of a listing of S3, as the rest of Longshore knows it. */
import type { _Object as S3Object } from '@aws-sdk/client-s3';
import type { ObjectRef } from '@longshore/core';

const archives: readonly (string | undefined)[] = ['GLACIER', 'DEEP_ARCHIVE'];

export function listedObject({ Key = '', Size = 0, ETag = '', StorageClass, RestoreStatus }: S3Object): ObjectRef {
  const isRestored = RestoreStatus?.IsRestoreInProgress === false && RestoreStatus.RestoreExpiryDate !== undefined;
  const isArchived = archives.includes(StorageClass) && !isRestored;
  return { key: decodeKey(Key), sizeBytes: Size, etag: ETag, ...(isArchived && { archived: true }) };
}

/** In the encoding `url` a space comes as "+" and everything else as percent and hexadecimal. */
function decodeKey(key: string): string {
  const spaced = key.includes('+') ? key.replaceAll('+', ' ') : key;
  return spaced.includes('%') ? decodeURIComponent(spaced) : spaced;
}
