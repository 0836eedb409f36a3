import { describe, expect, it } from '@jest/globals';
import { readToken, writeToken } from './upload-token.js';

const upload = { key: 'out/a', uploadId: 'id', stamp: 'stamp', parts: ['"1"', '"2"'] };

describe('the token of an upload', () => {
  it('gives back what was written', () => {
    expect(readToken(writeToken(upload), 'out/a')).toEqual(upload);
  });

  it.each([
    ['of another key', writeToken({ ...upload, key: 'out/b' })],
    ['that is empty', ''],
    ['that is no JSON', 'nonsense'],
    ['that is nothing', 'null'],
    ['without its parts', JSON.stringify({ ...upload, parts: undefined })],
    ['whose parts are no texts', JSON.stringify({ ...upload, parts: [1] })],
    ['whose upload is empty', JSON.stringify({ ...upload, uploadId: '' })],
    ['without a stamp', JSON.stringify({ ...upload, stamp: undefined })],
  ])('is refused as one %s', (_, token) => {
    expect(() => readToken(token, 'out/a')).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });
});
