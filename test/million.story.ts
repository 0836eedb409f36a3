/** A job of a million objects costs whoever looks at it a page. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Browser } from './support/browser.js';
import { repository } from './support/process.js';
import { Sandbox } from './support/sandbox.js';

interface Answer {
  route: string;
  bytes: number;
  quickMs: number;
}

interface Steered {
  slowestMs: number;
}

describe('a job of 1,000,000 objects', () => {
  let answers: Answer[] = [];
  let steered: { redriven: Steered; cancelled: Steered };
  /** How long its pages took until what they are about was on the screen. */
  const pageMs: Record<string, number> = {};

  beforeAll(async () => {
    await using sandbox = await Sandbox.open();
    // 400 objects a task: about as large as tasks get, and stored in seconds.
    const job = fork(join(repository, 'test/programs/large-job.mjs'), [sandbox.path('state'), '1000000', '400'], {
      cwd: repository,
    });
    const [served] = (await once(job, 'message')) as [{ url: string; answers: Answer[] }];
    const { url } = served;
    answers = served.answers;
    const browser = await Browser.open();
    const page = await browser.page();
    for (const [path, words] of Object.entries(pages)) {
      pageMs[path] = Infinity;
      // The quickest of some: what else runs on this machine is not the page's affair.
      for (let tries = 0; tries < 8 && pageMs[path] > 1_000; tries += 1) {
        await page.goto(url);
        await page.locator('tbody tr').first().waitFor();
        const before = performance.now();
        await page.goto(url + path);
        await page.getByText(words).first().waitFor();
        pageMs[path] = Math.min(pageMs[path], performance.now() - before);
      }
    }
    browser.expectQuiet();
    await browser[Symbol.asyncDispose]();
    job.send('seen');
    [steered] = (await once(job, 'message')) as [typeof steered];
    await once(job, 'exit');
  }, 120_000);

  const pages = {
    '/jobs/million': /of 1,000,000 objects/,
    '/jobs/million/tasks': /plate-000\/well-000000000\.tif/,
    '/jobs/million/dead-letters': /^Reason/,
  };

  it('is listed, shown, explained, counted and its dead letters told of in less than 100 KB and 200 ms each', () => {
    expect(answers.length).toBeGreaterThan(22);
    // The quickest of some: what else runs on this machine is not the route's affair.
    expect(answers.filter(({ bytes, quickMs }) => bytes > 100_000 || quickMs > 200)).toEqual([]);
  });

  it('is on the screen of a browser within a second', () => {
    for (const [path, ms] of Object.entries(pageMs)) expect([path, Math.max(1_000, ms)]).toEqual([path, 1_000]);
  });

  it('is redriven and cancelled while others are answered', () => {
    // Some 100 ms where nothing else runs; a machine that is busy with other stories takes several times as long for everything.
    expect(steered.redriven.slowestMs).toBeLessThan(3_000);
    expect(steered.cancelled.slowestMs).toBeLessThan(3_000);
  });
});
