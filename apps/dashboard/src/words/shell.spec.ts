import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { commandLine, fetchLine, quoted } from './shell.js';
import { jobFile, submitLine } from './submit-line.js';

const awkward = [
  'a b',
  "it's",
  '$(rm -rf ~)',
  '`id`',
  '\\',
  'new\nline',
  '\x07bell',
  '\u202egnp.exe',
  'é',
  '*',
  '-',
  '',
  '%s',
  '🧬\t',
];

describe('a command line that people copy', () => {
  it.each(awkward)('hands the word %j over unchanged', (word) => {
    const found = execFileSync('bash', ['-c', `printf '%s' ${quoted(word)}`], { encoding: 'utf8' });
    expect(found).toBe(word);
  });

  it('shows no character that a terminal would act on', () => {
    for (const word of awkward) expect(quoted(word)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('leaves plain words plain, and words that are not there out', () => {
    expect(commandLine('redrive', 'last', undefined, '--task', 'a-1')).toBe('longshore redrive last --task a-1');
  });

  it('fetches a file from a folder, and from a bucket', () => {
    expect(fetchLine('/results/plate 7', 'counts.csv')).toBe("cp '/results/plate 7/counts.csv' .");
    expect(fetchLine('s3://results/plate-7/', 'counts.csv')).toBe('aws s3 cp s3://results/plate-7/counts.csv .');
  });

  it('submits the same job', () => {
    const job = {
      plugin: 'echo',
      input: '/in/a b',
      output: 's3://out/',
      params: { pauseSeconds: 2 },
      include: ['**/*.png'],
    };
    const rules = {
      batching: { maxObjects: 4 },
      policy: { maxAttempts: 1, toleratedDead: '2%' },
      skip: { by: 'none' as const },
    };
    expect(submitLine({ ...job, ...rules })).toBe(
      "longshore submit --plugin echo --input '/in/a b' --output s3://out/ --param pauseSeconds=2 " +
        "--include '**/*.png' --batch-size 4 --attempts 1 --tolerate 2% --skip none",
    );
    const byTime = { targetSeconds: 120, minObjects: 1, maxObjects: 10_000 };
    expect(submitLine({ ...job, batching: byTime })).toContain("--include '**/*.png' --batch-seconds 120");
    expect(submitLine({ ...job, batching: byTime })).not.toContain('job.yaml');
    expect(JSON.parse(jobFile({ ...job, batching: { ...byTime, minObjects: 4 } }) ?? '{}')).toEqual({
      batching: { targetSeconds: 120, minObjects: 4 },
    });
  });
});
