import { describe, expect, it } from '@jest/globals';
import { LongshoreError, type ErrorCode } from '@longshore/core';
import { judgeStorage, type StorageFacts, type Try } from './storage.js';

const input: StorageFacts = { side: 'input', place: 's3://b/in/', kind: 's3', listed: 3 };
const output: StorageFacts = { side: 'output', place: 's3://b/out/', kind: 's3' };

interface Answer {
  name?: string;
  code?: string;
  status?: number;
}

function failing(code: ErrorCode, { name, code: reason, status }: Answer, message = 'Why.', trying: Try = 'list') {
  const cause = { name, code: reason, $metadata: { httpStatusCode: status } };
  return judgeStorage({ ...input, failure: { trying, error: new LongshoreError(code, message, { cause }) } });
}

describe('what doctor thinks of storage', () => {
  it('says what was possible', () => {
    expect(judgeStorage(input)).toMatchObject({
      id: 'storage-ok',
      check: 'input',
      message: 's3://b/in/ can be listed and read.',
    });
    expect(judgeStorage(output)).toMatchObject({ id: 'storage-ok', message: expect.stringContaining('written to') });
    expect(judgeStorage({ ...output, kind: 'folder', toBeMade: true }).message).toContain('can be made');
  });

  it('warns of an input where nothing lies, or nothing that can be read', () => {
    expect(judgeStorage({ ...input, listed: 0 })).toMatchObject({ id: 'storage-empty', state: 'warning' });
    expect(judgeStorage({ ...input, allArchived: true })).toMatchObject({ id: 'storage-archived', state: 'warning' });
  });

  it.each<[string, ErrorCode, Answer, string]>([
    ['no credentials', 'access-denied', { name: 'CredentialsProviderError' }, 'storage-no-credentials'],
    ['expired ones', 'access-denied', { name: 'ExpiredToken', status: 400 }, 'storage-expired'],
    ['a login that has ended', 'access-denied', { name: 'TokenProviderError' }, 'storage-expired'],
    ['an unknown key', 'access-denied', { name: 'InvalidAccessKeyId', status: 403 }, 'storage-wrong-credentials'],
    ['a wrong secret', 'access-denied', { name: 'SignatureDoesNotMatch', status: 403 }, 'storage-wrong-credentials'],
    ['a redirect to nowhere', 'location-not-found', { name: 'PermanentRedirect', status: 301 }, 'storage-region'],
    ['a redirect without a name', 'storage-failed', { name: 'Unknown', status: 307 }, 'storage-region'],
    [
      'another region in words',
      'storage-failed',
      { name: 'AuthorizationHeaderMalformed', status: 400 },
      'storage-region',
    ],
    ['no bucket', 'location-not-found', { name: 'NoSuchBucket', status: 404 }, 'storage-missing'],
    ['a refusal', 'access-denied', { name: 'AccessDenied', status: 403 }, 'storage-denied'],
    ['a refusal by KMS', 'access-denied', { name: 'KMS.DisabledException', status: 400 }, 'storage-key'],
    ['nobody', 'storage-failed', { name: 'Error', code: 'ECONNREFUSED' }, 'storage-unreachable'],
    ['no such host', 'storage-failed', { name: 'Error', code: 'ENOTFOUND' }, 'storage-unreachable'],
    ['silence', 'storage-failed', { name: 'TimeoutError' }, 'storage-unreachable'],
    ['an error of its own', 'storage-failed', { name: 'InternalError', status: 500 }, 'storage-failed'],
  ])('tells %s apart', (_, code, answer, id) => {
    expect(failing(code, answer)).toMatchObject({ id, state: 'failed' });
  });

  it.each<[Try, string]>([
    ['list', 's3:ListBucket'],
    ['read', 's3:GetObject'],
    ['stage', 's3:PutObject'],
  ])('names the action that lacks to %s', (trying, action) => {
    expect(failing('access-denied', { name: 'AccessDenied' }, 'No.', trying).remedy).toContain(action);
  });

  it('believes the store where it names the action itself', () => {
    const said = 'User: x is not authorized to perform: s3:PutObjectTagging on resource: y';
    expect(failing('access-denied', { name: 'AccessDenied' }, said, 'stage').remedy).toContain(
      'Allow s3:PutObjectTagging;',
    );
  });

  it('says where a probe may be left, because nobody was allowed to remove it', () => {
    const found = failing('access-denied', { name: 'AccessDenied' }, 'No.', 'abandon');
    expect(found).toMatchObject({ id: 'storage-left', remedy: expect.stringContaining('s3:AbortMultipartUpload') });
    expect(found.message).toContain('left there');
  });

  it.each<[ErrorCode, string]>([
    ['access-denied', 'storage-denied-folder'],
    ['disk-full', 'storage-full'],
    ['location-not-found', 'storage-missing'],
    ['storage-failed', 'storage-failed'],
  ])('takes %s of a folder for %s', (code, id) => {
    const error = new LongshoreError(code, 'Why.');
    expect(judgeStorage({ ...output, kind: 'folder', failure: { trying: 'stage', error } }).id).toBe(id);
  });
});
