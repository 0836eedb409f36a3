/** The words of the mail at the end of a run, from a file of Longshore or of the operator; never from the API. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LongshoreError, messageOf, type RunReport } from '@longshore/core';
import Handlebars from 'handlebars';

/** The report, and what happens next as a sentence. */
export type MailFacts = RunReport & { next: string };

export const ownTemplate = join(import.meta.dirname, '..', '..', 'templates', 'run-ended.hbs');

const example: MailFacts = {
  objects: { done: 1, dead: 1, skipped: 1, cancelled: 1 },
  jobs: [
    {
      id: 'job',
      plugin: 'plugin',
      state: 'failed',
      input: 's3://input/',
      output: 's3://output/',
      done: 1,
      dead: 1,
      skipped: 1,
      cancelled: 1,
      failure: 'It failed.',
    },
  ],
  furtherJobs: 1,
  dead: [{ jobId: 'job', taskId: 'task', key: 'key', others: 1, reason: 'timed-out', message: 'It took too long.' }],
  furtherDead: 1,
  workers: { all: 2, lost: 1 },
  startedAt: new Date(0).toISOString(),
  endedAt: new Date(0).toISOString(),
  took: '0 s',
  next: 'The orchestrator goes on serving.',
};

export class MailTemplate {
  private constructor(private readonly template: (facts: MailFacts) => string) {}

  /**
   * Tries the template out, so that a mistake in it is told at the start and not at the end of a run.
   *
   * @throws LongshoreError `invalid-configuration`
   */
  static read(path: string = ownTemplate): MailTemplate {
    try {
      // A mail is plain text, so nothing is escaped. Handlebars reaches no prototypes by itself; nothing here lets it.
      const compiled = Handlebars.compile<MailFacts>(readFileSync(path, 'utf8'), {
        noEscape: true,
        knownHelpersOnly: true,
      });
      const template = new MailTemplate((facts) => compiled(facts));
      template.render(example);
      return template;
    } catch (thrown) {
      throw new LongshoreError(
        'invalid-configuration',
        `The template of the mail, ${path} (LONGSHORE_MAIL_TEMPLATE), cannot be used: ${messageOf(thrown)}.`,
        { remedy: 'Mend it, or unset LONGSHORE_MAIL_TEMPLATE for the words Longshore has.', cause: thrown },
      );
    }
  }

  render(facts: MailFacts): string {
    return `${this.template(facts).trim()}\n`;
  }
}
