/** Puts news into words; a template that fails on it must not keep it from being told. */
import { Injectable, Logger } from '@nestjs/common';
import { messageOf, type News, type Words } from '@longshore/core';
import { NewsTemplates } from '@longshore/adapters/templates';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';

@Injectable()
export class NewsWords {
  private readonly log = new Logger(NewsWords.name);
  private readonly templates: NewsTemplates;

  /** @throws LongshoreError `invalid-configuration` */
  constructor({ news }: OrchestratorConfig) {
    this.templates = NewsTemplates.read(news.templates);
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
