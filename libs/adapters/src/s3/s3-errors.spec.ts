import { describe, expect, it } from '@jest/globals';
import { s3Error } from './s3-errors.js';

function serviceError(name: string, httpStatusCode?: number, message = 'it says so.'): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

const reading = { doing: 'The object s3://bucket/key cannot be read', action: 's3:GetObject' };

describe('errors of S3', () => {
  it.each([
    ['NoSuchBucket', 404, 'location-not-found', 'config'],
    ['PermanentRedirect', 301, 'location-not-found', 'config'],
    ['AuthorizationHeaderMalformed', 400, 'location-not-found', 'config'],
    ['NoSuchKey', 404, 'input-missing', 'job'],
    ['NotFound', 404, 'input-missing', 'job'],
    ['PreconditionFailed', 412, 'input-changed', 'job'],
    ['AccessDenied', 403, 'access-denied', 'config'],
    ['ExpiredToken', 400, 'access-denied', 'config'],
    ['InvalidAccessKeyId', 403, 'access-denied', 'config'],
    ['SignatureDoesNotMatch', 403, 'access-denied', 'config'],
    ['InvalidObjectState', 403, 'access-denied', 'config'],
    ['KMS.DisabledException', 400, 'access-denied', 'config'],
    ['CredentialsProviderError', undefined, 'access-denied', 'config'],
    ['UnknownError', 403, 'access-denied', 'config'],
    ['UnknownError', 401, 'access-denied', 'config'],
    ['XMinioStorageFull', 507, 'disk-full', 'infra'],
    ['RequestTimeTooSkewed', 403, 'storage-failed', 'infra'],
    ['SlowDown', 503, 'storage-failed', 'infra'],
    ['InternalError', 500, 'storage-failed', 'infra'],
    ['InternalError', 200, 'storage-failed', 'infra'],
    ['TooManyRequests', 429, 'storage-failed', 'infra'],
    ['TimeoutError', undefined, 'storage-failed', 'infra'],
  ])('%s with status %s is %s, of class %s, and says what to do', (name, status, code, failureClass) => {
    const error = s3Error(serviceError(name, status), reading);
    expect(error).toMatchObject({ code, failureClass, remedy: expect.stringMatching(/\.$/) });
  });

  it.each([
    [
      serviceError('AccessDenied', 403, 'Access Denied'),
      'The object s3://bucket/key cannot be read: AccessDenied, Access Denied, status 403. ' +
        'Allow s3:GetObject there to the credentials this process has.',
    ],
    [
      serviceError('CredentialsProviderError', undefined, 'Could not load credentials from any providers'),
      'The object s3://bucket/key cannot be read: CredentialsProviderError, Could not load credentials from any providers. ' +
        'Give this process credentials: a role of its machine, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    ],
    [
      Object.assign(new AggregateError([]), { code: 'ECONNREFUSED', name: 'Error' }),
      'The object s3://bucket/key cannot be read: ECONNREFUSED. ' +
        'It is tried again; if it lasts, check the network, the service and AWS_ENDPOINT_URL.',
    ],
    [
      serviceError('Error', 404, 'mismatched tags.\n  Deserialization error: see $response.'),
      'The object s3://bucket/key cannot be read: mismatched tags, status 404. ' +
        'It is tried again; if it lasts, check the network, the service and AWS_ENDPOINT_URL.',
    ],
    [
      serviceError('UnknownError', 403, 'UnknownError'),
      'The object s3://bucket/key cannot be read: status 403. Allow s3:GetObject there to the credentials this process has.',
    ],
  ])('read as sentences (%#)', (thrown, sentence) => {
    expect(s3Error(thrown, reading).sentence).toBe(sentence);
  });
});
