/** What S3 and the network on the way to it say, in our codes. */
import { LongshoreError, messageOf, type ErrorCode } from '@longshore/core';

interface ServiceError {
  name?: string;
  $metadata?: { httpStatusCode?: number };
}

const deniedNames = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AllAccessDisabled',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'Forbidden',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'TokenProviderError',
]);

/** @param doing what was tried and where, as the start of a sentence */
export function s3Error(thrown: unknown, doing: string, objectKey?: string): LongshoreError {
  if (thrown instanceof LongshoreError) return thrown;
  const { name = '', $metadata } = thrown as ServiceError;
  const code = codeOf(name, $metadata?.httpStatusCode);
  const facts = { cause: thrown, remedy: remedies[code], ...(objectKey !== undefined && { objectKey }) };
  return new LongshoreError(code, `${doing}: ${name || 'Error'}, ${messageOf(thrown)}.`, facts);
}

const remedies: Partial<Record<ErrorCode, string>> = {
  'location-not-found': 'Check the name of the bucket and the region (AWS_REGION, AWS_ENDPOINT_URL).',
  'access-denied': 'Check the credentials this process has, and what they may do with this bucket.',
  'input-missing': 'Put it back, or leave it out.',
  'input-changed': 'Submit the job again once nobody writes to its input.',
};

function codeOf(name: string, status: number | undefined): ErrorCode {
  if (name === 'NoSuchBucket' || name === 'InvalidBucketName') return 'location-not-found';
  if (name === 'NoSuchKey' || name === 'NotFound') return 'input-missing';
  if (name === 'PreconditionFailed' || status === 412) return 'input-changed';
  if (name === 'RequestTimeTooSkewed') return 'storage-failed';
  if (deniedNames.has(name) || status === 401 || status === 403) return 'access-denied';
  return 'storage-failed';
}

export function isGone(thrown: unknown): boolean {
  const { name, $metadata } = thrown as ServiceError;
  return name === 'NoSuchUpload' || $metadata?.httpStatusCode === 404;
}
