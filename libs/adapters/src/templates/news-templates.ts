/** Puts news into words, by the templates of the operator where there are any, else by those of Longshore. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  everyFact,
  exampleNews,
  LongshoreError,
  messageOf,
  newsEvents,
  toldEvents,
  type News,
  type NewsEvent,
  type Words,
} from '@longshore/core';
import { plainValues } from './plain-values.js';
import { Template, templateParts, type TemplatePart } from './template.js';

const ownFolder = join(import.meta.dirname, '..', '..', 'templates');

/** What stands in every view, beside the facts. */
const head = { id: 'id', event: 'job-completed', at: 'time' };
const everything = {
  subject: { ...everyFact, ...head },
  text: { ...everyFact, ...head },
  html: { ...everyFact, ...head, words: { subject: 'subject', text: 'text' } },
};

type Templates = ReadonlyMap<string, Template>;

export class NewsTemplates {
  private constructor(
    private readonly own: Templates,
    private readonly operators: Templates,
  ) {}

  /**
   * Tries every template of the folder out with an example, so that a mistake is told at the start and not when there is news.
   *
   * @throws LongshoreError `invalid-configuration`
   */
  static read(folder?: string): NewsTemplates {
    const templates = new NewsTemplates(readOwn(), folder === undefined ? new Map() : readOperators(folder));
    for (const event of toldEvents) templates.render(exampleNews(event));
    return templates;
  }

  /** @param onTrouble told when a template of the operator fails on this news; the words of Longshore take its place */
  words(news: News, onTrouble: (sentence: string) => void): Words {
    try {
      return this.render(news);
    } catch (thrown) {
      onTrouble(messageOf(thrown));
      return new NewsTemplates(this.own, new Map()).render(news);
    }
  }

  private render({ id, event, at, facts }: News): Words {
    const view = plainValues({ ...facts, id, event, at: new Date(at).toISOString() });
    const subject = this.template(event, 'subject').render(view).replace(/\s+/g, ' ').trim();
    const text = `${this.template(event, 'text').render(view).trim()}\n`;
    const words = { subject: facts.test ? `[Test] ${subject}` : subject, text };
    return { ...words, html: this.template(event, 'html').render({ ...view, words }) };
  }

  private template(event: NewsEvent, part: TemplatePart): Template {
    const found =
      this.operators.get(`${event}.${part}`) ?? this.own.get(`${event}.${part}`) ?? this.own.get(`any.${part}`);
    if (found) return found;
    throw new LongshoreError('internal-error', `There are no words for ${event}.`);
  }
}

function readOwn(): Templates {
  const names = ['any', ...newsEvents].flatMap((event) => templateParts.map((part) => ({ event, part })));
  return new Map(
    names.flatMap(({ event, part }) => {
      const path = join(ownFolder, `${event}.${part}.hbs`);
      return existsSync(path) ? [[`${event}.${part}`, Template.read(path, part, everything[part])]] : [];
    }),
  );
}

function readOperators(folder: string): Templates {
  const files = filesOf(folder).filter((file) => file.endsWith('.hbs'));
  return new Map(
    files.map((file) => {
      const [event = '', part = ''] = file.split('.');
      const known = toldEvents.some((told) => told === event) && templateParts.some((one) => one === part);
      if (!known || file !== `${event}.${part}.hbs`) throw unknownFile(join(folder, file));
      return [
        `${event}.${part}`,
        Template.read(join(folder, file), part as TemplatePart, everything[part as TemplatePart]),
      ];
    }),
  );
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (thrown) {
    throw new LongshoreError(
      'invalid-configuration',
      `The folder of templates, ${folder} (LONGSHORE_TEMPLATES), cannot be read: ${messageOf(thrown)}.`,
      { remedy: 'Name a folder that is there, or unset it for the words Longshore has.', cause: thrown },
    );
  }
}

function unknownFile(path: string): LongshoreError {
  return new LongshoreError('invalid-configuration', `The file ${path} is a template of no event.`, {
    remedy: `Name it <event>.<part>.hbs; events are ${toldEvents.join(', ')}, parts ${templateParts.join(', ')}.`,
  });
}
