import { describe, expect, it } from '@jest/globals';
import { parseJobFile } from './job-file.js';

const parse = (...lines: string[]) => parseJobFile(lines.join('\n'), '/jobs/job.yaml');

describe('a job file', () => {
  it('is the request of the jobs API', () => {
    const storage = {
      input: { region: 'eu-west-1', requesterPays: true, role: { arn: 'arn:aws:iam::123456789012:role/reader' } },
      output: { encryption: { type: 'aws:kms', key: 'alias/results', bucketKey: true }, tags: { project: 'p 7' } },
    };
    expect(parse('input: s3://bucket/in/', `storage: ${JSON.stringify(storage)}`)).toEqual({
      input: 's3://bucket/in/',
      storage,
    });
  });

  it('begins relative paths at its own folder', () => {
    expect(parse('input: ../in', 'output: /out', 'plugin: plugins/mine.mjs')).toEqual({
      input: '/in',
      output: '/out',
      plugin: '/jobs/plugins/mine.mjs',
    });
  });

  it('takes sizes as people write them', () => {
    expect(parse('batching:', '  maxBytes: 2GiB')).toEqual({ batching: { maxBytes: 2 ** 31 } });
  });

  it.each<[string, string[], string]>([
    ['a name nobody knows', ['plugin: echo', 'inputs: in'], 'line 2: nobody knows "inputs"; did you mean "input"?'],
    ['one inside', ['policy:', '  maxAttempts: 2', '  timeout: 5'], 'line 3: policy: nobody knows "timeout"'],
    [
      'one inside storage',
      ['storage:', '  output:', '    storageclass: STANDARD'],
      'line 3: storage.output: nobody knows "storageclass"; did you mean "storageClass"?',
    ],
    ['a value of the wrong kind', ['batching:', '  maxObjects: many'], 'line 2: batching: maxObjects must'],
    ['a size that is none', ['batching:', '  maxBytes: lots'], 'line 2: batching: maxBytes must'],
    [
      'a value in a list',
      ['policy:', '  retry:', '    - on: { exit: 1 }', '      then: wait'],
      'line 4: policy.retry.0: then must',
    ],
    ['a name that stands twice', ['plugin: echo', 'plugin: other'], 'line 2: Map keys must be unique'],
    ['no YAML', ['plugin: [echo'], 'line 1: '],
    ['a list', ['- plugin'], 'it must hold names and values'],
    ['nothing', [''], 'it must hold names and values'],
    [
      'an endpoint with a password',
      ['storage:', '  input:', '    endpoint: http://a:b@c'],
      'line 3: storage.input: endpoint must',
    ],
    ['an archive as the class of outputs', ['storage: { output: { storageClass: GLACIER } }'], 'use a lifecycle rule'],
    ['a role that is none', ['storage: { input: { role: { arn: me } } }'], 'line 1: storage.input.role: arn must'],
    ['our own stamp', ['storage: { output: { metadata: { longshore-upload: x } } }'], 'metadata must'],
    [
      'eleven tags',
      [`storage: { output: { tags: ${JSON.stringify(Object.fromEntries([...'abcdefghijk'].map((t) => [t, ''])))} } }`],
      'tags must',
    ],
  ])('refuses %s and says where it stands', (_, lines, sentence) => {
    expect(() => parse(...lines)).toThrow(sentence);
  });

  it('refuses a few lines that would stand for billions', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const name of 'bcdefghi')
      lines.push(
        `${name}: &${name} [${Array(9)
          .fill(`*${String.fromCharCode(name.charCodeAt(0) - 1)}`)
          .join(', ')}]`,
      );
    expect(() => parse(...lines)).toThrow();
  });
});
