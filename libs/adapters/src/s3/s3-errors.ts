/** What S3 and the network on the way to it say, in our codes. */
import { LongshoreError, messageOf, type ErrorCode } from '@longshore/core';

interface ServiceError {
  name?: string;
  $metadata?: { httpStatusCode?: number };
  Region?: string;
  $response?: { headers?: Record<string, string> };
}

/** Credentials that were good once; newer ones may be at hand. */
const expiredNames = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidToken',
  'TokenRefreshRequired',
]);

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
  'KMS.AccessDeniedException',
  'KMS.DisabledException',
  'KMS.InvalidKeyUsageException',
  'KMS.InvalidStateException',
  'KMS.NotFoundException',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'TokenRefreshRequired',
]);

/** @param doing what was tried and where, as the start of a sentence */
export function s3Error(thrown: unknown, doing: string, objectKey?: string): LongshoreError {
  if (thrown instanceof LongshoreError) return thrown;
  const { name = '', $metadata } = thrown as ServiceError;
  const code = codeOf(name, $metadata?.httpStatusCode);
  const remedy = isAboutKey(name, messageOf(thrown)) && code === 'access-denied' ? keyRemedy : remedies[code];
  const facts = { cause: thrown, remedy, ...(objectKey !== undefined && { objectKey }) };
  return new LongshoreError(code, `${doing}: ${name || 'Error'}, ${messageOf(thrown)}.`, facts);
}

/** S3 says that a key of KMS is refused as it says that the bucket is, but for the words. */
function isAboutKey(name: string, message: string): boolean {
  return name.startsWith('KMS.') || /\bkms:/i.test(message);
}

const keyRemedy = 'Check the KMS key, and whether this process may use it (kms:Decrypt, kms:GenerateDataKey).';

const remedies: Partial<Record<ErrorCode, string>> = {
  'location-not-found': 'Check the name of the bucket and the region (AWS_REGION, AWS_ENDPOINT_URL).',
  'access-denied': 'Check the credentials this process has, and what they may do with this bucket.',
  'input-missing': 'Put it back, or leave it out.',
  'input-archived': 'Restore it, then redrive it.',
  'input-changed': 'Submit the job again once nobody writes to its input; only what has changed is run.',
};

const noBucketNames = new Set(['NoSuchBucket', 'InvalidBucketName', 'PermanentRedirect']);

function codeOf(name: string, status: number | undefined): ErrorCode {
  if (noBucketNames.has(name) || status === 301) return 'location-not-found';
  if (name === 'InvalidObjectState') return 'input-archived';
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

export function isExpired(thrown: unknown): boolean {
  return expiredNames.has((thrown as ServiceError).name ?? '');
}

/** True where the store does not say whether the object is there: whoever may not list its bucket hears 403 of one that is missing. */
export function isUntold(thrown: unknown): boolean {
  return (thrown as ServiceError).$metadata?.httpStatusCode === 403;
}

/**
 * The region of a bucket that was looked for in another one. The SDK could follow such redirects by itself, but pays for each request twice, and breaks
 * where several are under way at once: they share one setting of the region.
 */
export function regionElsewhere(thrown: unknown): string | undefined {
  const { name = '', Region, $metadata, $response } = thrown as ServiceError;
  const elsewhere = [301, 307].includes($metadata?.httpStatusCode ?? 0) || name === 'AuthorizationHeaderMalformed';
  const region = elsewhere ? ($response?.headers?.['x-amz-bucket-region'] ?? Region) : undefined;
  return region !== undefined && /^[a-z0-9-]{1,63}$/.test(region) ? region : undefined;
}
