import { describe, expect, it } from '@jest/globals';
import { folderError, readError } from './folder-errors.js';

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: it says so`), { code });
}

describe('errors of a folder', () => {
  it.each([
    ['ENOSPC', 'disk-full', 'infra'],
    ['EDQUOT', 'disk-full', 'infra'],
    ['EACCES', 'access-denied', 'config'],
    ['EROFS', 'access-denied', 'config'],
    ['EEXIST', 'output-collision', 'job'],
    ['EIO', 'storage-failed', 'infra'],
    ['ESTALE', 'storage-failed', 'infra'],
  ])('%s is %s, of class %s, and says what to do', (errno, code, failureClass) => {
    const error = folderError(systemError(errno), 'The output cannot be stored');
    expect(error).toMatchObject({ code, failureClass, remedy: expect.stringMatching(/\.$/) });
    expect(error.message).toBe(`The output cannot be stored: ${errno}: it says so.`);
  });

  it.each([
    ['ENOENT', 'input-missing'],
    ['ENOTDIR', 'input-missing'],
    ['ELOOP', 'input-missing'],
    ['ENXIO', 'input-changed'],
    ['EACCES', 'access-denied'],
    ['EIO', 'storage-failed'],
  ])('%s of an object that is read is %s', (errno, code) => {
    const object = { key: 'a/b', sizeBytes: 1, etag: 'e' };
    expect(readError(systemError(errno), object)).toMatchObject({ code });
  });
});
