/** What people are told at the end of a run. */
import { Injectable, Logger } from '@nestjs/common';
import {
  messageOf,
  type Failure,
  type Notification,
  type RunEnd,
  type RunReport,
  type ShutdownPolicy,
} from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { MailTemplate, type MailFacts } from './mail-template.js';

const next: Record<ShutdownPolicy, string> = {
  none: 'The orchestrator goes on serving.',
  exit: 'The orchestrator ends now, unless a new job comes.',
  stop: 'The machine of the orchestrator is stopped now, unless a new job comes.',
  terminate: 'The machine of the orchestrator is terminated now, unless a new job comes.',
};

@Injectable()
export class RunNews {
  private readonly log = new Logger(RunNews.name);

  constructor(
    private readonly config: OrchestratorConfig,
    private readonly template: MailTemplate,
  ) {}

  ended(report: RunReport, { runs, since }: RunEnd): Notification {
    return {
      id: `run-ended:${runs}:${since}`,
      subject: subjectOf(report),
      text: this.text({ ...report, next: next[this.config.runEnd.shutdown] }),
    };
  }

  /** A template that fails on the facts of this run must not keep it from ending. */
  private text(facts: MailFacts): string {
    try {
      return this.template.render(facts);
    } catch (thrown) {
      this.log.error(`The template of the mail failed, so the words of Longshore are used: ${messageOf(thrown)}`);
      return MailTemplate.read().render(facts);
    }
  }

  /** The machine costs money, and nobody would see it. */
  notShutDown({ runs, since }: RunEnd, why: Failure): Notification {
    return {
      id: `not-shut-down:${runs}:${since}`,
      subject: 'Longshore could not shut its machine down',
      text: `The run is over, but the machine of the orchestrator goes on: ${why.message} It is not tried again; end the machine by hand.`,
    };
  }
}

function subjectOf({ objects, jobs }: RunReport): string {
  const failed = jobs.filter(({ state }) => state === 'failed').length;
  const aside = objects.dead > 0 ? `, ${objects.dead} set aside` : '';
  return `Longshore: ${objects.done} objects done${aside}${failed > 0 ? ' (failed)' : ''}`;
}
