/** Judges input and output by how the store answered. */
import type { LongshoreError, StoreKind } from '@longshore/core';
import type { FindingId } from '../catalogue.js';
import { finding, notAsked, type Finding } from '../finding.js';

export type Side = 'input' | 'output';

/** Something that was tried, and the right that it needs on S3. */
export const tries = {
  list: 's3:ListBucket',
  read: 's3:GetObject',
  stage: 's3:PutObject',
  abandon: 's3:AbortMultipartUpload',
} as const;
export type Try = keyof typeof tries;

/** How far it got: what was found, and where it ended if it did. */
export interface StorageFacts {
  side: Side;
  /** As a person writes it. */
  place: string;
  kind: StoreKind;
  /** Objects on the first page; undefined where it could not be listed. */
  listed?: number;
  /** All of them lie in an archive. */
  allArchived?: boolean;
  /** A folder that is not there yet, and can be made. */
  toBeMade?: boolean;
  failure?: { trying: Try; error: LongshoreError };
}

export function judgeStorage(facts: StorageFacts): Finding {
  const { side, place, listed = 0, allArchived, toBeMade, failure } = facts;
  if (failure) return judgeFailure(facts, failure);
  if (toBeMade) return finding('storage-ok', side, `${place} is not there yet, and can be made.`);
  if (side === 'output') return finding('storage-ok', side, `${place} can be listed and written to.`);
  if (listed === 0) return finding('storage-empty', side, `Nothing lies in ${place}.`);
  if (allArchived)
    return finding('storage-archived', side, `The objects in ${place} that are listed first lie in an archive.`);
  return finding('storage-ok', side, `${place} can be listed and read.`);
}

function judgeFailure({ side, place, kind }: StorageFacts, { trying, error }: NonNullable<StorageFacts['failure']>) {
  const id = kind === 'folder' ? folderFault(error) : s3Fault(error, trying);
  const named = /is not authorized to perform: ([\w:]+)/.exec(error.message)?.[1];
  const action = named ?? (id === 'storage-key' ? keyRight(trying) : tries[trying]);
  const left = id === 'storage-left' ? ` A probe may be left there: an open upload that nobody sees as an object.` : '';
  return finding(id, side, `${place}: ${error.message}${left}`, { action });
}

const folderFaults: Partial<Record<LongshoreError['code'], FindingId>> = {
  'access-denied': 'storage-denied-folder',
  'disk-full': 'storage-full',
  'location-not-found': 'storage-missing',
};

function folderFault({ code }: LongshoreError): FindingId {
  return folderFaults[code] ?? 'storage-failed';
}

/** What S3 says is in the error that our own was made from. */
function s3Fault(error: LongshoreError, trying: Try): FindingId {
  const { name = '', $metadata, code = '' } = (error.cause ?? {}) as S3Answer;
  const byName = s3Names[name] ?? s3Names[code];
  if (byName !== undefined) return byName;
  if ([301, 307].includes($metadata?.httpStatusCode ?? 0)) return 'storage-region';
  if (error.code === 'location-not-found') return 'storage-missing';
  if (error.code === 'access-denied') return deniedFault(error, name, trying);
  return $metadata?.httpStatusCode === undefined && unreachable.test(`${name} ${code} ${error.message}`)
    ? 'storage-unreachable'
    : 'storage-failed';
}

function deniedFault({ message }: LongshoreError, name: string, trying: Try): FindingId {
  if (name.startsWith('KMS.') || /\bkms:/i.test(message)) return 'storage-key';
  return trying === 'abandon' ? 'storage-left' : 'storage-denied';
}

interface S3Answer {
  name?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

const s3Names: Record<string, FindingId> = {
  AuthorizationHeaderMalformed: 'storage-region',
  IllegalLocationConstraintException: 'storage-region',
  PermanentRedirect: 'storage-region',
  NoSuchBucket: 'storage-missing',
  InvalidBucketName: 'storage-missing',
  CredentialsProviderError: 'storage-no-credentials',
  ExpiredToken: 'storage-expired',
  ExpiredTokenException: 'storage-expired',
  TokenProviderError: 'storage-expired',
  TokenRefreshRequired: 'storage-expired',
  InvalidAccessKeyId: 'storage-wrong-credentials',
  InvalidToken: 'storage-wrong-credentials',
  SignatureDoesNotMatch: 'storage-wrong-credentials',
};

const unreachable = /ECONN|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|Timeout|socket hang up|certificate|EPROTO/i;

function keyRight(trying: Try): string {
  return trying === 'stage' ? 'kms:GenerateDataKey and kms:Decrypt' : 'kms:Decrypt';
}

export function noStorage(side: Side): Finding {
  return notAsked(side, `no ${side} given`);
}
