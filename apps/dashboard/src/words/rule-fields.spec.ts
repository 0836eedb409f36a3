import { describe, expect, it } from '@jest/globals';
import { readRules, ruleGroups } from './rule-fields.js';
import { jobFile, submitLine } from './submit-line.js';

const job = { plugin: 'echo', input: '/in', output: '/out' };

describe('the rules of a job as they are typed', () => {
  it('are nested as the request has them, each as its kind', () => {
    const typed = {
      include: '**/*.png  **/*.tif',
      'skip/by': 'outputs',
      'skip/count': '2',
      'batching/maxBytes': '1000000',
      'policy/toleratedDead': '2%',
      'policy/maxAttempts': ' ',
      'storage/input/requesterPays': 'true',
      'storage/output/requesterPays': 'false',
      'storage/output/encryption/type': 'aws:kms',
      'storage/output/encryption/key': 'alias/results',
      'storage/output/tags': '{"project":"nuclei"}',
      'storage/output/contentTypes': '{',
    };
    expect(readRules(typed)).toEqual({
      include: ['**/*.png', '**/*.tif'],
      skip: { by: 'outputs', count: 2 },
      batching: { maxBytes: 1_000_000 },
      policy: { toleratedDead: '2%' },
      storage: {
        input: { requesterPays: true },
        output: {
          encryption: { type: 'aws:kms', key: 'alias/results' },
          tags: { project: 'nuclei' },
          contentTypes: '{',
        },
      },
    });
  });

  it('that are not shown any more are not sent', () => {
    const typed = { 'skip/by': 'none', 'skip/count': '2', 'storage/output/encryption/key': 'forgotten' };
    expect(readRules(typed)).toEqual({ skip: { by: 'none' } });
  });

  it('have places and labels that no other has', () => {
    for (const { fields } of ruleGroups) expect(new Set(fields.map(({ label }) => label)).size).toBe(fields.length);
    const places = ruleGroups.flatMap(({ fields }) => fields.map(({ place }) => place));
    expect(new Set(places).size).toBe(places.length);
  });
});

describe('the command for a job', () => {
  it('has an option for each rule of the command line', () => {
    const rules = {
      skip: { by: 'outputs' as const, count: 2, minBytes: 10, nameContains: '.csv' },
      policy: {
        retry: [
          { on: { exit: [75, 76] }, then: 'retry' as const },
          { on: { reason: 'oom' }, then: 'fail' as const },
        ],
      },
    };
    expect(submitLine({ ...job, ...rules })).toBe(
      'longshore submit --plugin echo --input /in --output /out --retry exit=75,76:retry --retry reason=oom:fail ' +
        '--skip outputs --done-count 2 --done-min-bytes 10 --done-name .csv',
    );
    expect(jobFile({ ...job, ...rules })).toBeUndefined();
  });

  it('names a file where it says what no option can', () => {
    const storage = { output: { storageClass: 'GLACIER_IR' as const } };
    const described = { ...job, storage, policy: { maxLosses: 3, ackTimeoutSeconds: 60 } };
    expect(submitLine(described)).toBe('longshore submit job.yaml --plugin echo --input /in --output /out');
    expect(JSON.parse(jobFile(described) ?? '')).toEqual({ policy: { maxLosses: 3 }, storage });
  });
});
