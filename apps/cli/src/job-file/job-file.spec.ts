import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import { aPlugin } from '@longshore/core/testing';
import { IsBoolean, IsInt, IsOptional, Max, Min } from 'class-validator';
import { JobFile } from './job-file.js';

const parse = async (...lines: string[]) => {
  const file = await JobFile.ofYaml(lines.join('\n'), '/jobs/job.yaml');
  file.assertRight();
  return file.written;
};

describe('a job file', () => {
  it('is the request of the jobs API', async () => {
    const storage = {
      input: { region: 'eu-west-1', requesterPays: true, role: { arn: 'arn:aws:iam::123456789012:role/reader' } },
      output: { encryption: { type: 'aws:kms', key: 'alias/results', bucketKey: true }, tags: { project: 'p 7' } },
    };
    expect(await parse('input: s3://bucket/in/', `storage: ${JSON.stringify(storage)}`)).toEqual({
      input: 's3://bucket/in/',
      storage,
    });
  });

  it('begins relative paths at its own folder', async () => {
    expect(await parse('input: ../in', 'output: /out', 'plugin: plugins/mine.mjs')).toEqual({
      input: '/in',
      output: '/out',
      plugin: '/jobs/plugins/mine.mjs',
    });
  });

  it('takes sizes as people write them', async () => {
    expect(await parse('batching:', '  maxBytes: 2GiB')).toEqual({ batching: { maxBytes: 2 ** 31 } });
  });

  it.each<[string, string[], string]>([
    [
      'a name nobody knows',
      ['plugin: echo', 'inputs: in'],
      'line 2, column 1: nobody knows "inputs"; did you mean "input"?',
    ],
    ['one inside', ['policy:', '  maxAttempts: 2', '  timeout: 5'], 'line 3, column 3: policy: nobody knows "timeout"'],
    [
      'one inside storage',
      ['storage:', '  output:', '    storageclass: STANDARD'],
      'line 3, column 5: storage.output: nobody knows "storageclass"; did you mean "storageClass"?',
    ],
    ['a value of the wrong kind', ['batching:', '  maxObjects: many'], 'line 2, column 15: batching: maxObjects must'],
    ['a size that is none', ['batching:', '  maxBytes: lots'], 'line 2, column 13: batching: maxBytes must'],
    [
      'a value in a list',
      ['policy:', '  retry:', '    - on: { exit: 1 }', '      then: retri'],
      'line 4, column 13: policy.retry.0: then must be one of the following values: retry, fail; did you mean "retry"?',
    ],
    [
      'a name that stands twice',
      ['plugin: echo', 'plugin: other'],
      'line 2, column 1: "plugin" stands here for the second',
    ],
    ['no YAML', ['plugin: [echo'], 'line 1, column 14: '],
    ['a tab', ['policy:', '\tmaxAttempts: 2'], 'line 2, column 1: a tab stands where blanks have to'],
    ['two documents', ['plugin: echo', '---', 'plugin: echo'], 'line 2, column 1: a second document begins here'],
    ['a tag of another program', ['plugin: !python/object x'], 'line 1, column 9: Unresolved tag'],
    ['a list', ['- plugin'], 'it must hold names and values'],
    ['a text', ['plugin'], 'it must hold names and values'],
    ['nothing', [''], 'it is empty'],
    ['comments alone', ['# plugin: echo'], 'it is empty'],
    [
      'a word that YAML of today does not take for true',
      ['storage: { input: { requesterPays: yes } }'],
      'line 1, column 36: storage.input: requesterPays must be a boolean value; write true, without quotes',
    ],
    ['a number that is text', ['batching:', '  maxObjects: "8"'], 'write 8, without quotes'],
    ['text that is a number', ['plugin: 7'], 'line 1, column 9: plugin must be a string; "7" in quotes is text'],
    ['a list that is a text', ['include: "*.txt"'], 'line 1, column 10: include must be an array'],
    ['a part that is no part', ['policy: fast'], 'line 1, column 9: policy must be an object'],
    [
      'an endpoint with a password',
      ['storage:', '  input:', '    endpoint: http://a:b@c'],
      'line 3, column 15: storage.input: endpoint must',
    ],
    ['an archive as the class of outputs', ['storage: { output: { storageClass: GLACIER } }'], 'use a lifecycle rule'],
    [
      'a role that is none',
      ['storage: { input: { role: { arn: me } } }'],
      'line 1, column 34: storage.input.role: arn must',
    ],
    ['our own stamp', ['storage: { output: { metadata: { longshore-upload: x } } }'], 'metadata must'],
    [
      'eleven tags',
      [`storage: { output: { tags: ${JSON.stringify(Object.fromEntries([...'abcdefghijk'].map((t) => [t, ''])))} } }`],
      'tags must',
    ],
    [
      'a group with a stranger',
      ['groups:', '  - variable: { a: 1 }'],
      'line 2, column 5: groups.0: nobody knows "variable"; did you mean "variables"?',
    ],
    [
      'a value no variable can hold',
      ['groups:', '  - variables:', '      a: "\\0"'],
      'line 3, column 10: groups.0.variables: the value of "a"',
    ],
    ['what would clear the terminal', ['"\\e[2J": 1'], 'nobody knows "\\x1b[2J"'],
  ])('refuses %s and says where it stands', async (_, lines, sentence) => {
    await expect(parse(...lines)).rejects.toThrow(sentence);
  });

  it('tells everything that is wrong at once, in the order of the file, the parameters of the plugin with it', async () => {
    class Params {
      @IsOptional() @IsInt() @Min(1) @Max(9) size = 3;
      @IsOptional() @IsBoolean() invert = false;
    }
    const lines = ['pluging: echo', 'params:', '  size: 12', '  invrt: true', 'policy: { maxAttempts: 0 }'];
    const file = await JobFile.ofYaml(lines.join('\n'), '/jobs/job.yaml');
    const wrong = () => file.assertRight(aPlugin({}, { params: Params }));
    expect(wrong).toThrow(
      [
        'The job file /jobs/job.yaml is wrong: ',
        '  line 1, column 1: nobody knows "pluging"; did you mean "plugin"?',
        '  line 3, column 9: params: size must not be greater than 9',
        '  line 4, column 3: params: echo takes no "invrt"; did you mean "invert"?',
        '  line 5, column 24: policy: maxAttempts must not be less than 1',
        '',
      ].join('\n'),
    );
  });

  it('refuses a few lines that would stand for billions', async () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const name of 'bcdefghi')
      lines.push(
        `${name}: &${name} [${Array(9)
          .fill(`*${String.fromCharCode(name.charCodeAt(0) - 1)}`)
          .join(', ')}]`,
      );
    await expect(parse(...lines)).rejects.toThrow('references too often');
  });

  it('says where stands what an orchestrator refuses', async () => {
    const file = await JobFile.ofYaml('plugin: far\nparams:\n  shape: round\n', '/jobs/job.yaml');
    const refusal = new LongshoreError('invalid-parameters', 'Wrong.', {
      remedy: 'It knows size.',
      fields: [{ pointer: '/params/shape', detail: 'it knows no shape.' }],
    });
    const refused = await file.inFile(() => Promise.reject(refusal)).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({
      code: 'invalid-parameters',
      message: 'The job file /jobs/job.yaml is refused: line 3, column 10: params.shape: it knows no shape.',
      remedy: 'It knows size.',
    });
    const unplaced = new LongshoreError('location-not-found', 'No bucket.', {
      fields: [{ pointer: '/input', detail: '' }],
    });
    await expect(file.inFile(() => Promise.reject(unplaced))).rejects.toBe(unplaced);
  });
});
