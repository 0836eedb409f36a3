/** Puts news into words; a template that fails on it must not keep it from being told. */
import { Injectable, Logger } from '@nestjs/common';
import { messageOf, type News, type Words } from '@longshore/core';
import { NewsTemplates } from '@longshore/adapters/templates';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';

@Injectable()
export class NewsWords {
  private readonly log = new Logger(NewsWords.name);
  private read: NewsTemplates | undefined;

  /** @throws LongshoreError `invalid-configuration` */
  constructor({ news }: OrchestratorConfig) {
    // Those of an operator may be wrong, which is told at the start; our own are read when there is news.
    if (news.templates !== undefined) this.read = NewsTemplates.read(news.templates);
  }

  private get templates(): NewsTemplates {
    return (this.read ??= NewsTemplates.read());
  }

  readonly of = (news: News): Words => {
    const sorry = (why: string) => this.log.error(`${why} The words of Longshore are used for "${news.id}".`);
    try {
      return this.templates.words(news, sorry);
    } catch (thrown) {
      // Only news whose facts are not what they were when it was stored.
      this.log.error(`There are no words for "${news.id}": ${messageOf(thrown)}`);
      const text = JSON.stringify(news.facts, undefined, 2);
      return { subject: `Longshore: ${news.event}`, text, html: '' };
    }
  };
}
