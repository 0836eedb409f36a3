import { describe, expect, it } from '@jest/globals';
import { s3Error } from './s3-errors.js';

function serviceError(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error('it says so.'), { name, $metadata: { httpStatusCode } });
}

describe('errors of S3', () => {
  it.each([
    ['NoSuchBucket', 404, 'location-not-found', 'config'],
    ['NoSuchKey', 404, 'input-missing', 'job'],
    ['PreconditionFailed', 412, 'input-changed', 'job'],
    ['AccessDenied', 403, 'access-denied', 'config'],
    ['ExpiredToken', 400, 'access-denied', 'config'],
    ['UnknownError', 403, 'access-denied', 'config'],
    ['RequestTimeTooSkewed', 403, 'storage-failed', 'infra'],
    ['SlowDown', 503, 'storage-failed', 'infra'],
    ['InternalError', 500, 'storage-failed', 'infra'],
  ])('%s with status %i is %s, of class %s', (name, status, code, failureClass) => {
    expect(s3Error(serviceError(name, status), 'Trying')).toMatchObject({ code, failureClass });
  });

  it('reads credentials that are nowhere to be found as access denied', () => {
    const thrown = Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });
    expect(s3Error(thrown, 'The bucket cannot be listed').sentence).toBe(
      'The bucket cannot be listed: CredentialsProviderError, Could not load credentials. ' +
        'Check the credentials this process has, and what they may do with this bucket.',
    );
  });
});
