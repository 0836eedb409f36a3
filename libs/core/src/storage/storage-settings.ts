/** How the S3 of one location is reached, and how outputs are stored there. */

/** A role that is taken on for one location, so that input and output may belong to different accounts. */
export interface AssumedRole {
  arn: string;
  /** The word that the owner of the role has agreed on with whoever may take it on. */
  externalId?: string;
}

/** What is not said comes from the environment of each process. */
export interface StorageAccess {
  region?: string;
  /** Address of a store that is not AWS. */
  endpoint?: string;
  /** Buckets as paths instead of host names; where an endpoint is named, that is what happens. */
  pathStyle?: boolean;
  /** Whoever reads pays; buckets that want it refuse everybody who does not say so. */
  requesterPays?: boolean;
  role?: AssumedRole;
}

export const encryptionTypes = ['AES256', 'aws:kms', 'aws:kms:dsse'] as const;

export interface StorageEncryption {
  type: (typeof encryptionTypes)[number];
  /** Id, alias or ARN of the KMS key; that of the bucket, or of the account, where none is named. */
  key?: string;
  /** One request to KMS for many objects. */
  bucketKey?: boolean;
}

/** Those from which an object can be read at once: outputs are looked at again. */
export const storageClasses = [
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
  'REDUCED_REDUNDANCY',
] as const;

export const outputAcls = ['bucket-owner-full-control'] as const;

export interface StorageSettings extends StorageAccess {
  encryption?: StorageEncryption;
  storageClass?: (typeof storageClasses)[number];
  /** Content types by patterns of names below the output; the first that matches, and then what the ending of the name says. */
  contentTypes?: Record<string, string>;
  metadata?: Record<string, string>;
  tags?: Record<string, string>;
  acl?: (typeof outputAcls)[number];
}
