/** What an output is stored with besides its bytes: type, encryption, class, tags and metadata. */
import type { CreateMultipartUploadCommandInput } from '@aws-sdk/client-s3';
import { createSelection, type StorageSettings } from '@longshore/core';
import { lookup } from 'mime-types';

type Attributes = Partial<CreateMultipartUploadCommandInput>;

const unknownType = 'application/octet-stream';

/** @param name below the location's prefix */
export function outputAttributes(name: string, settings: StorageSettings): Attributes {
  const { encryption, storageClass, tags, acl } = settings;
  return {
    ContentType: contentType(name, settings.contentTypes),
    ...(encryption && encryptionAttributes(encryption)),
    ...(storageClass && { StorageClass: storageClass }),
    ...(tags && { Tagging: new URLSearchParams(tags).toString() }),
    ...(acl && { ACL: acl }),
  };
}

export function contentType(name: string, patterns: Record<string, string> = {}): string {
  const chosen = Object.entries(patterns).find(([pattern]) => fits(name, pattern));
  return chosen?.[1] ?? (lookup(name) || unknownType);
}

/** A pattern without a slash is about the name of the file, whatever folder it lies in. */
function fits(name: string, pattern: string): boolean {
  const tested = pattern.includes('/') ? name : name.slice(name.lastIndexOf('/') + 1);
  return createSelection({ include: [pattern], exclude: [] })(tested);
}

function encryptionAttributes({ type, key, bucketKey }: NonNullable<StorageSettings['encryption']>): Attributes {
  return {
    ServerSideEncryption: type,
    ...(key !== undefined && { SSEKMSKeyId: key }),
    ...(bucketKey !== undefined && { BucketKeyEnabled: bucketKey }),
  };
}
