/** What services of AWS, and the network on the way to them, say, in our codes. */
import { LongshoreError, messageOf, type ErrorCode } from '@longshore/core';

interface ServiceError {
  name?: string;
  Code?: string;
  $metadata?: { httpStatusCode?: number };
}

const deniedNames = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthFailure',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'Forbidden',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'InvalidToken',
  'MissingAuthenticationToken',
  'NotAuthorized',
  'OptInRequired',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnauthorizedOperation',
  'UnrecognizedClientException',
]);

/** A clock that is off passes by itself: the SDK corrects it with the next request. */
const skewedNames = new Set(['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture']);

export interface AwsTrouble {
  /** What was tried and where, as the start of a sentence. */
  doing: string;
  /** What is thrown for everything that may pass by itself: throttling, time limits, a service that is down. */
  otherwise: ErrorCode;
  /** What the process must be allowed to do, such as `ssm:PutParameter`. */
  right: string;
}

/** The one place that tells a denied call of AWS from one that may succeed when it is made again. */
export function awsError(thrown: unknown, { doing, otherwise, right }: AwsTrouble): LongshoreError {
  if (thrown instanceof LongshoreError) return thrown;
  const name = nameOf(thrown);
  const said = [name, messageOf(thrown)].filter((part, index, all) => all.indexOf(part) === index).join(', ');
  if (!isDenied(thrown)) return new LongshoreError(otherwise, `${doing}: ${said}.`, { cause: thrown });
  return new LongshoreError('access-denied', `${doing}: ${said}.`, {
    remedy: `Check the credentials this process has; they must allow ${right}.`,
    cause: thrown,
  });
}

/** The name of an error of a service; a service that answers something unreadable has none. */
export function nameOf(thrown: unknown): string {
  const { name, Code } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as ServiceError;
  return Code ?? name ?? 'Error';
}

function isDenied(thrown: unknown): boolean {
  const name = nameOf(thrown);
  if (skewedNames.has(name)) return false;
  const status = (thrown as ServiceError | null)?.$metadata?.httpStatusCode;
  return deniedNames.has(name) || status === 401 || status === 403;
}
