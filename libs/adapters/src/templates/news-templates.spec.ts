import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleNews, toldEvents, type News, type NewsFacts } from '@longshore/core';
import { NewsTemplates } from './news-templates.js';

const silent = () => {
  throw new Error('A template failed');
};

function news(event: News['event'], change: (facts: NewsFacts) => void = () => undefined): News {
  const found = exampleNews(event);
  found.facts.test = false;
  change(found.facts);
  return found;
}

describe('the words of Longshore', () => {
  const own = NewsTemplates.read();

  it.each(toldEvents)('tell of %s in a subject of one line, a text and HTML, without a gap', (event) => {
    const { subject, text, html } = own.words(news(event), silent);
    expect(subject).toMatch(/^\S.{10,200}\S$/);
    expect(text).toMatch(/^\S[^]+\S\n$/);
    expect(`${subject}${text}`).not.toMatch(/undefined|null|\[object|\{\{|\n{3}/);
    expect(html).toContain('<!doctype html>');
  });

  it('tell counts, dead tasks with their reasons, and what to do', () => {
    const { subject, text } = own.words(news('job-failed'), silent);
    expect(subject).toMatch(/^Job \S+ \(rgo-segmentation\) failed: 380 objects done, 4 set aside$/);
    expect(text).toContain('- plate-7/well-b03.tif and 1 more of its task (out-of-memory): The container needed more');
    expect(text).toContain('- and 2 more; "longshore dead ');
    expect(text).toMatch(/\n {2}longshore redrive \S+\n$/);
  });

  it('say of an example that it is one', () => {
    expect(own.words(exampleNews('no-workers'), silent).subject).toMatch(/^\[Test\] /);
  });

  it('S16: leave a hostile key one line that steers nothing, and text in HTML', () => {
    const key = 'a\u001b[2J\nBcc: x\u202egnp.<img src=x onerror=alert(1)>&{{constructor}}';
    const hostile = news('job-completed', ({ job }) => (job!.dead[0]!.key = key));
    const { text, html } = own.words(hostile, silent);
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(`${text}${html}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text).toContain('<img src=x onerror=alert(1)>&{{constructor}}');
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src&#x3D;x');
  });

  it('tell what an earlier version has left in words, as it is', () => {
    const earlier = { subject: 'Job 1 failed', text: 'Two are {{dead}}.\n' };
    const words = own.words(
      { id: 'x', event: 'earlier', at: 0, facts: { ...news('job-failed').facts, earlier } },
      silent,
    );
    expect(words).toMatchObject(earlier);
  });
});

describe('the templates of the operator', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-templates-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function templates(source: string, file = 'job-completed.text.hbs'): Promise<NewsTemplates> {
    await writeFile(join(folder, file), source);
    return NewsTemplates.read(folder);
  }

  it('take the place of those they are named after, and of no other', async () => {
    await writeFile(join(folder, 'readme.txt'), 'no template');
    const own = await templates(
      '{{job.objects.done}} of {{#each job.dead as |task|}}{{task.key}}{{@index}}{{/each}}{{lookup commands 0}}\n\n',
    );
    const { text, subject, html } = own.words(news('job-completed'), silent);
    expect(text).toMatch(/^380 of plate-7\/well-b03\.tif0longshore dead \S+\n$/);
    expect(subject).toMatch(/^Job /);
    expect(html).toContain('380 of plate-7/well-b03.tif0');
    expect(own.words(news('job-failed'), silent).text).toContain('set aside as dead letters');
  });

  it.each([
    ['cannot be parsed', '\n{{#each job.dead}} without an end', /Parse error on line 2/],
    ['calls what is not there', 'a\n  {{shout job.id}}', /line 2, column 3: there is no helper "shout"/],
    ['includes another file', '{{> other}}', /line 1.*includes no other one/],
    ['misspells a name', '{{job.objetcs.done}}', /"job.objetcs.done" is unknown; there are id, plugin, .*objects/],
    [
      'misspells a name deep inside',
      '{{#if job}}\n{{#each job.dead}}{{kee}}{{/each}}{{/if}}',
      /line 2, column 21: "kee".*key/,
    ],
    [
      'misspells what is seldom there',
      '{{#if threshold}}{{threshold.lmit}}{{/if}}',
      /there are setting, limit, percent/,
    ],
    ['goes over what is no list', '{{#each job}}{{/each}}', /each goes over a list/],
    ['knows a block that is none', '{{#loop job}}{{/loop}}', /there is no block "loop"/],
    ['uses what the event has not', '{{failure.message}}', /cannot be used/],
    ['goes out of itself', '{{../../job.id}}', /goes out of the template/],
  ])('stop the start when one %s, with file and line', async (_, source, sentence) => {
    const reading = templates(source);
    await expect(reading).rejects.toMatchObject({
      code: 'invalid-configuration',
      message: expect.stringMatching(sentence),
    });
    await expect(reading).rejects.toMatchObject({
      sentence: expect.stringMatching(/job-completed\.text\.hbs.*LONGSHORE_TEMPLATES/),
    });
  });

  it('stop the start when a file is named after nothing, or the folder is not there', async () => {
    await expect(templates('', 'job-done.text.hbs')).rejects.toThrow(/job-done\.text\.hbs is a template of no event/);
    expect(() => NewsTemplates.read(join(folder, 'none'))).toThrow(/none \(LONGSHORE_TEMPLATES\), cannot be read/);
  });

  it('cannot let a name write HTML', async () => {
    await expect(templates('{{{job.id}}}', 'job-completed.html.hbs')).rejects.toThrow(/use two braces/);
    const own = await templates('<b>{{job.id}}</b>', 'job-completed.html.hbs').catch(() => undefined);
    const hostile = news('job-completed', ({ job }) => (job!.id = '<i>'));
    expect(own?.words(hostile, silent).html).toBe('<b>&lt;i&gt;</b>');
  });

  it('give way to the words of Longshore, which is said, when one fails on the news', async () => {
    const own = await templates('{{job.dead.0.key}}');
    const troubles: string[] = [];
    const { text } = own.words(
      news('job-completed', ({ job }) => (job!.dead = [])),
      (why) => troubles.push(why),
    );
    expect(text).toMatch(/^380 of 384 objects are done/);
    expect(troubles).toEqual([expect.stringContaining('job-completed.text.hbs')]);
  });

  it.each([
    '{{constructor}}',
    '{{constructor.constructor}}',
    '{{__proto__}}',
    '{{#with "s" as |string|}}{{string.constructor}}{{/with}}',
    '{{#with (lookup this "constructor") as |f|}}{{f}}{{/with}}',
    '{{lookup (lookup this "constructor") "name"}}',
    '{{@root.constructor.name}}',
    '{{commands.constructor}}',
  ])('S25: reach nothing beyond what they are given: %s', async (source) => {
    const reached = await templates(source).then(
      (own) => own.words(news('job-completed'), () => undefined).text,
      (thrown: { code: string }) => thrown.code,
    );
    expect(reached === 'invalid-configuration' || reached.trim() === '' || reached.startsWith('380 of')).toBe(true);
  });
});
