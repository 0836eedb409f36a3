/** What S3 and the network on the way to it say, in our codes. */
import { LongshoreError, type ErrorCode } from '@longshore/core';

interface ServiceError {
  name?: string;
  message?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

export interface Request {
  /** What was tried and where, as the start of a sentence. */
  doing: string;
  /** The right it needs, as policies call it. */
  action: string;
  objectKey?: string;
}

export function s3Error(thrown: unknown, { doing, action, objectKey }: Request): LongshoreError {
  if (thrown instanceof LongshoreError) return thrown;
  const { name = '', $metadata } = thrown as ServiceError;
  const code = codeOf(name, $metadata?.httpStatusCode);
  return new LongshoreError(code, `${doing}: ${reasonOf(thrown as ServiceError)}.`, {
    remedy: remedyOf(code, name, action),
    cause: thrown,
    ...(objectKey !== undefined && { objectKey }),
  });
}

export function isNoSuchUpload(thrown: unknown): boolean {
  return (thrown as ServiceError).name === 'NoSuchUpload';
}

export function isGone(thrown: unknown): boolean {
  return isNoSuchUpload(thrown) || (thrown as ServiceError).$metadata?.httpStatusCode === 404;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const codes: Record<string, ErrorCode> = {
  NoSuchBucket: 'location-not-found',
  InvalidBucketName: 'location-not-found',
  PermanentRedirect: 'location-not-found',
  AuthorizationHeaderMalformed: 'location-not-found',
  NoSuchKey: 'input-missing',
  NotFound: 'input-missing',
  PreconditionFailed: 'input-changed',
  CredentialsProviderError: 'access-denied',
  TokenProviderError: 'access-denied',
  ExpiredToken: 'access-denied',
  ExpiredTokenException: 'access-denied',
  InvalidAccessKeyId: 'access-denied',
  InvalidToken: 'access-denied',
  // The SDK corrects its clock once and tries again; what remains is an infrastructure fault with the status of a denial.
  RequestTimeTooSkewed: 'storage-failed',
};

function codeOf(name: string, status: number | undefined): ErrorCode {
  const known = codes[name];
  if (known) return known;
  if (status === 412) return 'input-changed';
  if (status === 401 || status === 403 || name.startsWith('KMS.')) return 'access-denied';
  // Stores of one's own say "insufficient storage".
  if (status === 507) return 'disk-full';
  return 'storage-failed';
}

function remedyOf(code: ErrorCode, name: string, action: string): string | undefined {
  return remediesByName[name] ?? remediesByCode[code]?.replace('<action>', action);
}

const remediesByName: Record<string, string> = {
  CredentialsProviderError:
    'Give this process credentials: a role of its machine, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  TokenProviderError: 'Renew the credentials of this process.',
  ExpiredToken: 'Renew the credentials of this process.',
  ExpiredTokenException: 'Renew the credentials of this process.',
  InvalidAccessKeyId: 'Check the credentials of this process, and that they belong to this endpoint.',
  SignatureDoesNotMatch: 'Check the credentials of this process, and that they belong to this endpoint.',
  InvalidObjectState: 'It is archived: restore it first, or leave it out.',
  RequestTimeTooSkewed: 'Set the clock of this machine.',
};

const remediesByCode: Partial<Record<ErrorCode, string>> = {
  'location-not-found': 'Check the name of the bucket, and AWS_REGION and AWS_ENDPOINT_URL.',
  'input-missing': 'Put it back, or leave it out.',
  'input-changed': 'Submit the job again once nobody writes to its input.',
  'access-denied': 'Allow <action> there to the credentials this process has.',
  'disk-full': 'Make room in the store.',
  'storage-failed': 'It is tried again; if it lasts, check the network, the service and AWS_ENDPOINT_URL.',
};

/** Name, message and status as far as they say anything; answers without a body come as "UnknownError". */
function reasonOf({ name = '', message, code = '', $metadata }: ServiceError): string {
  const [line = ''] = (message === undefined || message === '' ? code : message).split('\n');
  const said = new Set([name, line.replace(/\.\s*$/, '')].filter((text) => !saysNothing.has(text)));
  if ($metadata?.httpStatusCode !== undefined) said.add(`status ${$metadata.httpStatusCode}`);
  return [...said].join(', ');
}

const saysNothing = new Set(['', 'Error', 'UnknownError']);
