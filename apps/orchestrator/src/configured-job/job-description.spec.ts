import { describe, expect, it } from '@jest/globals';
import { readDescription } from './job-description.js';

const url = 's3://main/configuration/config.json';
const read = (text: string | Uint8Array) => readDescription(Buffer.from(text), url);
const buckets = { input_bucket: 'images', output_bucket: 'results' };

describe('the description of the configured job', () => {
  it('needs two buckets, and means the rest as the original system did', () => {
    expect(read(JSON.stringify(buckets))).toEqual({ ...buckets, input_prefix: '', output_prefix: 'processed' });
  });

  it('is understood with a byte order mark, as some editors write it', () => {
    expect(read(`\uFEFF${JSON.stringify(buckets)}`)).toMatchObject(buckets);
  });

  it.each([
    ['no JSON', 'input_bucket = images', /is no JSON/],
    ['nothing', '', /is no JSON/],
    ['half of it', '{"input_bucket": "ima', /is no JSON/],
    ['bytes that are no text', Uint8Array.of(0x7b, 0xff, 0x7d), /is no JSON/],
    ['a list', '[]', /holds no JSON object/],
    ['null', 'null', /holds no JSON object/],
    ['no buckets', '{}', /input_bucket.*output_bucket/],
    ['an empty bucket', JSON.stringify({ ...buckets, output_bucket: '' }), /output_bucket/],
    ['a bucket that is no text', JSON.stringify({ ...buckets, input_bucket: 7 }), /input_bucket/],
    ['a prefix that is no text', JSON.stringify({ ...buckets, input_prefix: ['a'] }), /input_prefix/],
    ['a prefix that is null', JSON.stringify({ ...buckets, input_prefix: null }), /input_prefix/],
    ['a field that is misspelt', JSON.stringify({ ...buckets, input_prefx: 'a/' }), /input_prefx/],
    ['a field that is a trap', '{"__proto__": {"input_bucket": "x", "output_bucket": "y"}}', /input_bucket/],
  ])('H2: is refused when it holds %s, with a sentence that names it', (_, text, sentence) => {
    let thrown: unknown;
    try {
      read(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: 'invalid-configuration',
      failureClass: 'config',
      message: expect.stringMatching(sentence),
      sentence: expect.stringContaining(url),
    });
  });
});
