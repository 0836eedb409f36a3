import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runReport, type RunReport } from '@longshore/core';
import { aJob, aTask, builtAt } from '@longshore/core/testing';
import { MailTemplate } from './mail-template.js';

function report(changes: Partial<RunReport> = {}): RunReport & { next: string } {
  const job = aJob({ state: 'completed', endedAt: builtAt + 5_000 });
  return { ...runReport({ jobs: [job], workers: [], dead: [] }, builtAt), ...changes, next: 'It goes on.' };
}

describe('the words of the mail', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-template-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function template(source: string): Promise<MailTemplate> {
    const path = join(folder, 'mail.hbs');
    await writeFile(path, source);
    return MailTemplate.read(path);
  }

  it('tell counts, jobs, workers and what comes next', () => {
    const text = MailTemplate.read().render(report({ objects: { done: 24, dead: 0, skipped: 3, cancelled: 0 } }));
    expect(text).toBe(
      [
        '24 objects are done, 0 are set aside, 3 were skipped.',
        'It took 5 s, from 2026-01-01T00:00:00.000Z to 2026-01-01T00:00:05.000Z. 0 workers took part.',
        '',
        'Job job (echo) is completed: 0 done, 0 set aside, 0 skipped.',
        '  Input:   s3://images/in/',
        '  Results: s3://results/out/',
        '',
        'It goes on.',
        '',
      ].join('\n'),
    );
  });

  it('tell every dead object with its reason, as it is written', () => {
    const { dead } = runReport(
      {
        jobs: [],
        workers: [],
        dead: [aTask({ objects: [{ key: `in/<b>"O'Hara" & {{co}}`, sizeBytes: 1, etag: 'e' }] })],
      },
      builtAt,
    );
    const text = MailTemplate.read().render(
      report({ dead, furtherDead: 7, furtherJobs: 2, workers: { all: 3, lost: 1 } }),
    );
    expect(text).toContain(`- in/<b>"O'Hara" & {{co}} (internal-error): No reason was recorded.`);
    expect(text).toContain('- and 7 more');
    expect(text).toContain('And 2 more jobs.');
    expect(text).toContain('3 workers took part; 1 of them left without saying goodbye.');
  });

  it('may be those of the operator', async () => {
    const own = await template('{{objects.done}} of {{#each jobs}}{{plugin}}{{/each}}. {{next}}\n\n');
    expect(own.render(report())).toBe('0 of echo. It goes on.\n');
  });

  it.each([
    ['cannot be parsed', '{{#each jobs}} without an end'],
    ['calls what is not there', '{{shout next}}'],
    ['includes another file', '{{> /etc/passwd}}'],
  ])('stop the start when the template %s', async (_, source) => {
    await expect(template(source)).rejects.toMatchObject({
      code: 'invalid-configuration',
      sentence: expect.stringMatching(/mail\.hbs.*LONGSHORE_MAIL_TEMPLATE/),
    });
  });

  it('stop the start when there is no such file', () => {
    expect(() => MailTemplate.read(join(folder, 'none.hbs'))).toThrow(/none\.hbs.*cannot be used/);
  });

  it.each([
    '{{constructor}}',
    '{{constructor.constructor}}',
    '{{__proto__}}',
    '{{#with "s" as |string|}}{{string.constructor}}{{/with}}',
    '{{#with (lookup this "constructor") as |f|}}{{f}}{{/with}}',
    '{{lookup (lookup this "constructor") "name"}}',
    '{{@root.constructor.name}}',
    '{{jobs.constructor}}',
  ])('S25: reach nothing beyond what they are given: %s', async (source) => {
    const reached = await template(source).then(
      (own) => own.render(report()).trim(),
      (thrown: { code: string }) => thrown.code,
    );
    expect(['', 'invalid-configuration']).toContain(reached);
  });
});
