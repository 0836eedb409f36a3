import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { everyFact, exampleNews, newsEvents, type News } from '@longshore/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { webhookBody } from './webhook-notifier.js';

const path = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'notifications.schema.json');
const schema = JSON.parse(readFileSync(path, 'utf8')) as { properties: { type: { enum: string[] } } };
const ajv = addFormats.default(new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }));
const fits = ajv.compile(schema);

const body = (news: News): object =>
  JSON.parse(webhookBody({ id: news.id, subject: 'Subject', text: 'Text\n', html: '', news })) as object;

describe('docs/notifications.schema.json', () => {
  it.each([...newsEvents.map((event) => exampleNews(event)), { ...exampleNews('job-failed'), facts: everyFact }])(
    'describes every field of $event, and no other',
    (news) => {
      const sent = body(news);
      expect([fits(sent), ajv.errorsText(fits.errors)]).toEqual([true, 'No errors']);
      expect(fits({ ...sent, more: 1 })).toBe(false);
    },
  );

  it('names every event', () => {
    expect(schema.properties.type.enum).toEqual([...newsEvents]);
  });
});
